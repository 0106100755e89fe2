"""The pictures of a result as data: votes and runs. Arithmetic alone."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from backend.lessons import Step
from backend.lessons.answers import LETTERS
from backend.questions.pictures import Readings, Reference, Spread
from backend.rooms.class_result import ClassResult, SeedRun
from backend.rooms.markdown import plain_of
from backend.words import counted, short

#: The band holds the runs between these percentiles.
BAND = (10, 90)


@dataclass(frozen=True)
class Option:
    """An option with its votes in each round. `right` marks it. Those of a question for a number have no letters."""

    letter: str
    text: str
    right: bool
    votes: tuple[int, ...]


@dataclass(frozen=True)
class Votes:
    """The votes by option, and the number of answers of each round."""

    options: tuple[Option, ...]
    totals: tuple[int, ...]


@dataclass(frozen=True)
class Region:
    """The values between which an option says that the runs end, and its votes by round. A bound may be infinite."""

    letter: str
    low: float
    high: float
    votes: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        """The letter with the votes: "A: 3 → 5"."""
        return f"{self.letter}: {' → '.join(map(str, self.votes))}".rstrip(": ")


@dataclass(frozen=True)
class Runs:
    """The runs of a class over the epochs. The axis spans the `regions` of all options and what is `expected`.

    Without a verdict nothing is `expected`, so that the picture does not tell which option is right.
    """

    title: str
    epochs: tuple[int, ...]
    curves: tuple[tuple[float, ...], ...]
    regions: tuple[Region, ...] = ()
    expected: tuple[float, float] | None = None

    @property
    def ends(self) -> list[float]:
        """The values that the axis must have."""
        return [end for each in self.regions for end in (each.low, each.high)] + [*(self.expected or ())]


def votes(step: Step, tallies: Sequence[Sequence[int]], totals: Sequence[int], *, right: bool) -> Votes:
    """The votes of each round; with `right` the right options are marked."""
    options = (
        Option(
            "" if step.kind == "number" else LETTERS[i], plain_of(option.text), right and i in step.right_options,
            tuple(each[i] for each in tallies),
        )
        for i, option in enumerate(step.options)
    )  # fmt: skip
    return Votes(tuple(options), tuple(totals))


def runs(
    seed_runs: Sequence[SeedRun], result: ClassResult, *, verdict: bool, regions: Sequence[Region] = ()
) -> Runs | None:
    """The runs of the class, with the `verdict` what the right option expects; None if they have no curves."""
    epochs = seed_runs[0].epochs if seed_runs else ()
    curves = tuple(run.curve for run in seed_runs if run.epochs == epochs)
    if not epochs or len(curves) < len(seed_runs) or not any(math.isfinite(value) for row in curves for value in row):
        return None
    count, bounds = counted(len(seed_runs), "run"), result.test.bounds
    words = f"{count} by epoch: {result.name}. The median ends at {short(result.median, 4)}."
    return Runs(words, epochs, curves, tuple(regions), (bounds.low, bounds.high) if verdict else None)


def shares(result: ClassResult, regions: Sequence[Region], right: Collection[str]) -> Spread:
    """The share of the runs that the test counts, beside those that the options predict, the `right` letters marked."""
    share, within = result.passed / len(result.values), result.share_interval or (None, None)
    rows = [
        Readings(
            f"{'✓ ' if each.letter in right else ''}{each.label}", (), low=max(each.low, 0.0), high=min(each.high, 1.0),
            emphasised=each.letter in right,
        )
        for each in regions
    ]  # fmt: skip
    rows.append(Readings("This class", (share,), low=within[0], high=within[1]))
    return Spread("Share of the runs", rows, Reference(share, f"{share:.0%}"), "whole")
