"""What claim 6 may conclude from its trainings: which of them count, and what those that count say together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from backend.claims.recipes import CONSTANT
from backend.words import short

Answer = Literal["yes", "no", "depends on the seed", "cannot tell"]

#: Predictions that differ by no more than this share of what training changed: the optimizer forgives the factor.
FORGIVEN = 0.03

#: The same for the control, whose gradients are equal: a larger difference is round-off that training made grow.
MATCH = 1e-6

#: The fewest seeds that have to count.
FEWEST_SEEDS = 2


@dataclass(frozen=True)
class Judged:
    """One optimizer: the `answer` to "does it forgive the factor", from the seeds that count.

    `apart` and `control` hold a number a seed that counts: the difference with the losses summed and with their mean,
    as a share of what training changed, in the head where it is largest. `problems` says why other seeds do not count.
    """

    answer: Answer
    apart: tuple[float, ...]
    control: tuple[float, ...]
    problems: tuple[str, ...]

    @property
    def seeds(self) -> int:
        """How many seeds were trained."""
        return len(self.apart) + len(self.problems)

    def agrees(self) -> Answer:
        """Whether the styles agree with the mean of the losses."""
        return _answer(self.control, MATCH)

    def why_not(self) -> str:
        """Why seeds do not count, in words: `2 × a head's outputs became constant`; empty where all count."""
        return "; ".join(f"{count} × {problem}" for problem, count in Counter(self.problems).items())


def judged(readings: Sequence[Mapping[str, Any]], controls: Sequence[Mapping[str, Any]] | None = None) -> Judged:
    """Judge an optimizer by its readings, one a seed (`backend.worker.claims.optimizers`).

    `controls` are the readings whose mean has to agree, of the same seeds in the same order; by default the optimizer's
    own.
    """
    apart, control, problems = [], [], []
    for reading, other in zip(readings, controls or readings, strict=True):
        problem = _problem(reading) or _problem(other) or _parted(other)
        if problem:
            problems.append(problem)
        else:
            apart.append(_share(reading, "sum"))
            control.append(_share(reading, "mean"))
    return Judged(_answer(apart, FORGIVEN), tuple(apart), tuple(control), tuple(problems))


def _answer(shares: Sequence[float], limit: float) -> Answer:
    if len(shares) < FEWEST_SEEDS:
        return "cannot tell"
    within = [share <= limit for share in shares]
    return "yes" if all(within) else "depends on the seed" if any(within) else "no"


def _problem(reading: Mapping[str, Any]) -> str:
    """Why a training shows nothing of its optimizer; empty where it may."""
    if not reading["finite"]:
        return "the loss or the outputs became NaN or infinite"
    if not all(moved > 0 and math.isfinite(moved) for moved in reading["moved"]):
        return "training did not change a head's outputs"
    if not all(left > CONSTANT for left in reading["variation"]):
        return "a head's outputs became the same for every sequence"
    return ""


def _parted(reading: Mapping[str, Any]) -> str:
    share = _share(reading, "mean")
    return "" if share <= MATCH else f"the control parted by {percent(share)}"


def _share(reading: Mapping[str, Any], how: str) -> float:
    """The difference over what training changed, in the head where that is largest."""
    return max(float(apart / moved) for apart, moved in zip(reading[how], reading["moved"], strict=True))


def percent(share: float) -> str:
    """A share in percent: 0.021%, 47%, 3 × 10⁻¹³%."""
    return f"{short(100 * share)}%"


def span(shares: Sequence[float]) -> str:
    """Shares in percent, from the least to the largest: `0.021% to 0.4%`."""
    ends = dict.fromkeys((percent(min(shares)), percent(max(shares))))
    return " to ".join(ends)
