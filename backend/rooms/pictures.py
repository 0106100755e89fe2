"""The pictures of a result as plain data for the browser: votes and runs. Arithmetic alone."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from backend.lessons import Step
from backend.lessons.answers import LETTERS
from backend.rooms.class_result import ClassResult, SeedRun
from backend.rooms.markdown import plain_of
from backend.words import counted, short

#: The band holds the runs between these percentiles.
BAND = (10, 90)
_TICKS = 4
_NONE = 2**16 - 1


@dataclass(frozen=True)
class Axis:
    """A range of values, and its ticks with their labels."""

    low: float
    high: float

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Round numbers within the range; of a single value, that value."""
        if not self.high > self.low:
            return [(self.low, short(self.low, 4))]
        step = _tick_step((self.high - self.low) / _TICKS)
        first = math.ceil(self.low / step)
        return [(n * step, short(n * step, 4)) for n in range(first, math.floor(self.high / step) + 1)]


@dataclass(frozen=True)
class Region:
    """The values between which an option says that the runs end, and its votes by round. A bound may be infinite."""

    letter: str
    low: float
    high: float
    votes: tuple[int, ...] = ()


def votes(step: Step, tallies: Sequence[Sequence[int]], totals: Sequence[int], *, right: bool) -> dict[str, Any]:
    """The votes of each round, by option; with `right` the right options are marked.

    `totals` has the number of answers of each round. The options of a question for a number have no letters.
    """
    options = [
        {
            "letter": "" if step.kind == "number" else LETTERS[i],
            "text": plain_of(option.text),
            "right": right and i in step.right_options,
            "rounds": [each[i] for each in tallies],
        }
        for i, option in enumerate(step.options)
    ]
    return {"options": options, "totals": list(totals)}


def runs(
    id: str,
    seed_runs: tuple[SeedRun, ...],
    result: ClassResult,
    *,
    verdict: bool,
    regions: Sequence[Region] = (),
) -> dict[str, Any] | None:
    """The runs of the class over the epochs; None if they have no curves. A phone finds its own run by `numbers`.

    The axis spans the `regions` of all options. Without the `verdict` nothing tells which of them is right.
    """
    ends = [end for region in regions for end in (region.low, region.high)]
    shared = _shared_runs(seed_runs, *ends, *((result.low, result.high) if verdict else ()))
    if shared is None:
        return None
    text, scale = shared
    count = counted(len(seed_runs), "run")
    words = f"The {result.name_in_words} of {count} by epoch. It ends at a median of {short(result.median, 4)}."
    return {
        "shared": text, "id": id, "numbers": [run.number for run in seed_runs],
        "expected": _expected(result, (scale.low, scale.high)) if verdict else None, "alt": words,
        "play": True,
        "regions": [
            {"letter": each.letter, "low": max(each.low, scale.low), "high": min(each.high, scale.high),
             "votes": list(each.votes)}
            for each in regions
        ],
    }  # fmt: skip


@lru_cache(maxsize=32)
def _shared_runs(seed_runs: tuple[SeedRun, ...], *expected: float) -> tuple[str, Axis] | None:
    """What all participants see of the runs, as JSON, and the range of its values. It is computed once for all."""
    epochs = seed_runs[0].epochs if seed_runs else ()
    curves = [run.curve for run in seed_runs if run.epochs == epochs]
    if not epochs or len(curves) < len(seed_runs):
        return None
    values = np.array(curves, dtype=float)
    finite = values[np.isfinite(values)]
    if not finite.size:
        return None
    values[~np.isfinite(values)] = np.nan  # not drawn
    ends = [bound for bound in expected if math.isfinite(bound)]
    scale = padded_axis([*(float(value) for value in np.percentile(finite, [2, 98])), *ends])
    with np.errstate(all="ignore"):
        low, middle, high = (_percentiles(values, percent) for percent in (BAND[0], 50, BAND[1]))
    shared = {
        "epochs": list(epochs),
        "lines": _packed(values, scale),
        "median": middle,
        "band": [low, high],
        "range": [scale.low, scale.high],
        "ticks": scale.ticks,
    }
    return json.dumps(shared), scale


def _packed(values: np.ndarray, scale: Axis) -> str:
    """The heights of the lines between the ends of the axis, one after the other, as base64 of 16 bits each.

    This takes a third of the bytes of the numbers as text. 0 and 65,534 are the ends, 65,535 stands for no value.
    """
    heights = np.clip((values - scale.low) / (scale.high - scale.low), 0, 1) * (_NONE - 1)
    return base64.b64encode(np.where(np.isnan(heights), _NONE, heights.round()).astype("<u2").tobytes()).decode()


def _percentiles(values: np.ndarray, percent: float) -> list[float | None]:
    columns = (column[~np.isnan(column)] for column in values.T)
    return [_rounded(float(np.percentile(column, percent))) if column.size else None for column in columns]


def _rounded(value: float) -> float | None:
    """Five digits are enough for a picture; None for a value that cannot be drawn."""
    return float(f"{value:.5g}") if math.isfinite(value) else None


def padded_axis(values: Sequence[float]) -> Axis:
    """A range with some room around the values."""
    low, high = min(values), max(values)
    pad = 0.12 * (high - low) or max(abs(high), 1.0) * 0.1
    return Axis(low - pad, high + pad)


def _tick_step(width: float) -> float:
    """The smallest 1, 2 or 5 times a power of ten from `width` on."""
    power: float = 10.0 ** math.floor(math.log10(width))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= width)


def _expected(result: ClassResult, scale: Sequence[float]) -> list[float] | None:
    """What the right option expects, as far as it lies in the range."""
    low, high = max(result.low, scale[0]), min(result.high, scale[1])
    return [low, high] if low <= high else None
