"""The evidence of claim 6, which of its trainings count, and what those show."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from backend.questions.base import Measured
from backend.questions.claims.recipes import CONSTANT
from backend.words import short

Answer = Literal["yes", "no", "depends on the seed", "undecided"]

#: If predictions differ by at most this share of what training changed, the optimizer cancels the factor.
CANCELS = 0.03

#: The same for the control, whose gradients are equal: a larger difference is round-off that training amplified.
MATCH = 1e-6

#: The fewest seeds that have to count.
FEWEST_SEEDS = 2


class Reading(Measured):
    """Both styles trained from one seed with one optimizer. Lists hold a number for each head.

    `finite`: whether all losses and predictions are finite at the end. `summed` and `averaged`: the root mean square of
    the difference between the predictions of Functional and Sequential, if Functional's losses are summed, and if they
    are averaged with the weights uᵢ/Σu. `moved`: the root mean square of what training changed, in the
    style that it changed most. `variation`: how much of the predictions' variation over the sequences is left, in the
    style with the least.
    """

    finite: bool
    moved: list[float]
    variation: list[float]
    summed: list[float]
    averaged: list[float]


class Clipped(Measured):
    """A reading for each seed with SGD that clips the norm of each variable's gradient at `limit`."""

    limit: float
    readings: list[Reading]


class Trainings(Measured):
    """All trainings of claim 6, in float64: `steps` steps on `sequences` sequences.

    `optimizers`: name → a reading for each of `seeds`, in their order.
    """

    steps: int
    sequences: int
    seeds: list[int]
    optimizers: dict[str, list[Reading]]
    clipnorm: Clipped


@dataclass(frozen=True)
class Judgement:
    """One optimizer: the `answer` to "does it cancel the factor", from the seeds that count.

    `differences` and `control` hold a number for each seed that counts: the difference with summed and with averaged
    losses, as a share of what training changed, in the head where it is largest. `problems` says why the other seeds
    do not count.
    """

    answer: Answer
    differences: tuple[float, ...]
    control: tuple[float, ...]
    problems: tuple[str, ...]

    @property
    def seeds(self) -> int:
        """How many seeds were trained."""
        return len(self.differences) + len(self.problems)

    def control_agrees(self) -> Answer:
        """Whether the styles agree if the losses are averaged."""
        return _answer(self.control, MATCH)

    def exclusions(self) -> str:
        """Why seeds do not count: `2 × a head's output became the same for every sequence`; empty if all count."""
        return "; ".join(f"{count} × {problem}" for problem, count in Counter(self.problems).items())


def judge_readings(readings: Sequence[Reading], controls: Sequence[Reading] | None = None) -> Judgement:
    """Judge an optimizer by its readings, one for each seed.

    `controls` are the readings whose averaged losses have to agree, of the same seeds in the same order. They default
    to the optimizer's own.
    """
    differences, control, problems = [], [], []
    for reading, other in zip(readings, controls or readings, strict=True):
        problem = _problem(reading) or _problem(other) or _control_problem(other)
        if problem:
            problems.append(problem)
        else:
            differences.append(_share(reading.summed, reading.moved))
            control.append(_share(reading.averaged, reading.moved))
    return Judgement(_answer(differences, CANCELS), tuple(differences), tuple(control), tuple(problems))


def _answer(shares: Sequence[float], limit: float) -> Answer:
    if len(shares) < FEWEST_SEEDS:
        return "undecided"
    within = [share <= limit for share in shares]
    return "yes" if all(within) else "depends on the seed" if any(within) else "no"


def _problem(reading: Reading) -> str:
    """Why a training shows nothing about its optimizer; empty if it may."""
    if not reading.finite:
        return "the loss or an output became NaN or infinite"
    if not all(moved > 0 and math.isfinite(moved) for moved in reading.moved):
        return "training did not change a head's output"
    if not all(left > CONSTANT for left in reading.variation):
        return "a head's output became the same for every sequence"
    return ""


def _control_problem(reading: Reading) -> str:
    share = _share(reading.averaged, reading.moved)
    return "" if share <= MATCH else f"the control differed by {percent(share)}"


def _share(differences: Sequence[float], moved: Sequence[float]) -> float:
    """The difference as a share of what training changed, in the head where that share is largest."""
    return max(difference / size for difference, size in zip(differences, moved, strict=True))


def percent(share: float) -> str:
    """A share in percent: 0.021%, 47%, 3.0 × 10⁻¹³%."""
    return f"{short(100 * share)}%"


def span(shares: Sequence[float]) -> str:
    """Shares in percent, from the smallest to the largest: `0.021% to 0.4%`."""
    ends = dict.fromkeys((percent(min(shares)), percent(max(shares))))
    return " to ".join(ends)
