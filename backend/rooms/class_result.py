"""The class as one experiment: what all its runs show together, and what each would have shown alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from backend.experiment import Experiment
from backend.lessons.expect import Condition
from backend.lessons.figure import SEPARATOR, Value
from backend.lessons.lesson import Step
from backend.statistics.intervals import CONFIDENCE, FEWEST_PAIRS, Interval, interval, share_interval
from backend.training.result import Epoch
from backend.words import short

#: Whether the runs confirm the right option, or why they do not decide it.
Kind = Literal["yes", "no", "no number", "too few", "too different"]
UNDECIDED: dict[Kind, str] = {
    "no number": "This does not decide it: at least one run gives no number, perhaps because its training diverged.",
    "too few": f"That is too few runs to decide it: at least {FEWEST_PAIRS} are needed.",
    "too different": "The runs differ too much to decide it.",
}
#: The most points of a curve.
_MOST_POINTS = 40


@dataclass(frozen=True)
class SeedRun:
    """The run of one participant, and the figures that the step tests.

    `curve` is the first figure as it would be if the training had ended after each of `epochs`; NaN after the epoch in
    which the training was stopped.
    """

    number: int
    seed: int
    epochs: tuple[int, ...]
    curve: tuple[float, ...]
    values: tuple[Value, ...]

    @classmethod
    def of(cls, number: int, step: Step, experiment: Experiment, epochs: Sequence[Epoch]) -> SeedRun:
        """The run of that participant. `epochs` are those of the experiment; only the first seed counts."""
        first = epochs[0].seed if epochs else 0
        tests, own = tests_of(step), [epoch for epoch in epochs if epoch.seed == first]
        values = tuple(test.figure.measure(experiment, own, test.argument) for test in tests)
        ends = _curve_epochs(experiment.training.epochs) if values and isinstance(values[0], float) else ()
        curve = tuple(_value_after(tests[0], experiment, own[:end]) if end <= len(own) else math.nan for end in ends)
        return cls(number, experiment.training.seed, ends, curve, values)

    def passes(self, step: Step) -> bool:
        """Whether this run alone shows what the right option says."""
        return all(test.holds([value]) for test, value in zip(tests_of(step), self.values, strict=True))


@dataclass(frozen=True)
class ClassResult:
    """What the runs of a class show of a step.

    `values` are those of the first test's figure, `name` is the figure with its argument, and `low` and `high` are the
    bounds that the test expects. `median_interval` is None if there are too few runs for it, or if one gives no number.
    `wrong_alone` counts the runs that would lead to another answer alone. If the first test is about the share of the
    runs that are between `low` and `high`, `counted` has these bounds in words, and `passed` counts the runs.
    """

    name: str
    values: tuple[float, ...]
    median: float
    median_interval: Interval | None
    kind: Kind
    wrong_alone: int
    low: float
    high: float
    counted: str = ""
    passed: int = 0

    @property
    def name_in_words(self) -> str:
        """The figure's name in words, and its head if it has one: "head ratio (trend)"."""
        figure, bracket, argument = self.name.partition("(")
        return figure.replace("_", " ") + (f" {bracket}{argument}" if argument else "")

    def sentence(self, option: str, runs: str) -> str:
        """The verdict about the option that the lesson expects to be right. `runs` says how many there are."""
        figure = self._share_words() if self.counted else self._median_words()
        finding = f"{runs}{figure if all(map(math.isfinite, self.values)) else ''}"
        if not self.decided:
            return f"{finding}. {UNDECIDED[self.kind]} The lesson expects: {option}."
        return f"{finding}. So the answer is{' not' if self.kind == 'no' else ''}: {option}."

    def _median_words(self) -> str:
        said = f": the median of the {self.name_in_words} is {short(self.median, 4)}"
        if self.median_interval:
            ends = f"{short(self.median_interval.low, 4)} to {short(self.median_interval.high, 4)}"
            said += f" ({ends} with a confidence of at least {CONFIDENCE:.0%})"
        return said

    def _share_words(self) -> str:
        count = len(self.values)
        said = f": the share with {self.name_in_words} {self.counted} is {self.passed / count:.0%}"
        if count >= FEWEST_PAIRS:
            low, high = share_interval(self.passed, count)
            said += f" ({low:.0%} to {high:.0%} with a confidence of about {CONFIDENCE:.0%})"
        return said

    @property
    def decided(self) -> bool:
        """Whether the runs say yes or no."""
        return self.kind not in UNDECIDED

    def alone_sentence(self) -> str:
        """How many runs alone would have led to another conclusion than all together; empty if that is unknown."""
        if not self.decided:
            return ""
        if not self.wrong_alone:
            return "Each run alone leads to the same conclusion."
        return f"{self.wrong_alone} of {len(self.values)} people would have been misled by their own run alone."


def tests_of(step: Step) -> tuple[Condition, ...]:
    """The tests of the step that read a run."""
    return step.tests("run")


def asks_of_training(step: Step) -> bool:
    """Whether the step tests the training loss of a head, which charts do not show by default."""
    return any(test.figure.name in ("training", "gap") and SEPARATOR in test.argument for test in tests_of(step))


def regions_of(step: Step) -> dict[int, tuple[float, float]]:
    """The lowest and highest value of the step's first figure that each option allows, by the option's position.

    Options without a test of this figure are left out. Empty if fewer than two options remain, if the question does not
    take exactly one option, or if the right answer is about several figures: one axis cannot show these.
    """
    tests = tests_of(step)
    if not tests or step.kind != "one" or not all(_reads_same(each, tests[0]) for each in tests):
        return {}
    found: dict[int, tuple[float, float]] = {}
    for i, option in enumerate(step.options):
        expected = option.expected or (step.expected if option.right else None)
        same = [each for each in (expected.tests if expected else ()) if _reads_same(each, tests[0])]
        if same:
            found[i] = max(each.bounds.low for each in same), min(each.bounds.high for each in same)
    return found if len(found) > 1 else {}


def _reads_same(one: Condition, other: Condition) -> bool:
    return (one.figure.name, one.argument) == (other.figure.name, other.argument)


@lru_cache(maxsize=64)
def judge(step: Step, runs: tuple[SeedRun, ...]) -> ClassResult | None:
    """What the runs show together; None without runs or without a figure that is a number.

    The result is the same for all participants, so it is computed once.
    """
    tests = tests_of(step)
    if not tests or not runs:
        return None
    values = tuple(float(run.values[0]) for run in runs if isinstance(run.values[0], float))
    if len(values) < len(runs):
        return None
    kinds = {_kind(test, [run.values[i] for run in runs]) for i, test in enumerate(tests)}
    order: tuple[Kind, ...] = ("no", *UNDECIDED)
    kind: Kind = next((kind for kind in order if kind in kinds), "yes")
    agree = sum(run.passes(step) for run in runs)
    finite = [value for value in values if math.isfinite(value)]
    return ClassResult(
        name=tests[0].read, values=values, median=float(np.median(finite)) if finite else math.nan,
        median_interval=interval(values) if len(finite) == len(values) else None, kind=kind,
        wrong_alone=agree if kind == "no" else len(runs) - agree, low=tests[0].bounds.low, high=tests[0].bounds.high,
        counted=tests[0].bounds.text if tests[0].share else "",
        passed=sum(map(tests[0].bounds.have, values)),
    )  # fmt: skip


def _curve_epochs(epochs: int) -> tuple[int, ...]:
    """The epochs of a curve: all, or a few of many and the last."""
    every = max(math.ceil(epochs / _MOST_POINTS), 1)
    return tuple(dict.fromkeys([*range(1, epochs + 1, every), *([epochs] if epochs else [])]))


def _value_after(test: Condition, experiment: Experiment, epochs: list[Epoch]) -> float:
    """The figure of a training that ends after these epochs."""
    value = test.figure.measure(experiment.with_training(epochs=len(epochs)), epochs, test.argument)
    return value if isinstance(value, float) else math.nan


def _kind(test: Condition, values: Sequence[Value]) -> Kind:
    """Whether the median of the values, or the share of them that the test counts, is as the test says.

    This is as far as its interval can tell: an interval that lies in part within the bounds decides nothing.
    """
    numbers = [value for value in values if isinstance(value, float)]
    if not all(map(math.isfinite, numbers)) or (not test.share and len(numbers) < len(values)):
        return "no number"
    if len(values) < FEWEST_PAIRS:
        return "too few"
    if test.share:
        low, high = share_interval(sum(map(test.bounds.have, values)), len(values))
    elif (within := interval(numbers)) is not None:
        low, high = within.low, within.high
    else:
        return "too few"
    wanted = test.share or test.bounds
    passing = {wanted.have(end) for end in (low, high)}
    if len(passing) > 1 or (low < wanted.low and high > wanted.high):
        return "too different"
    return "yes" if passing == {True} else "no"
