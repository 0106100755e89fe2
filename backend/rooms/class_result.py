"""The class as one experiment: what all its runs show together, and what each would have shown alone."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from backend.experiment import Experiment
from backend.lessons.expect import Bounds, Condition
from backend.lessons.figure import SEPARATOR, Value
from backend.lessons.findings import in_words
from backend.lessons.lesson import Step
from backend.statistics.intervals import CONFIDENCE, FEWEST_PAIRS, Interval, interval, share_interval
from backend.training.result import SIDES, Epoch
from backend.words import short

#: Whether the runs confirm the right option, or why they do not decide it.
Kind = Literal["yes", "no", "no number", "too few", "too different"]
UNDECIDED: dict[Kind, str] = {
    "no number": "This does not decide it: at least one run gives no number, perhaps because its training diverged.",
    "too few": f"That is too few runs to decide it: at least {FEWEST_PAIRS} are needed.",
    "too different": "The runs differ too much to decide it.",
}
#: What a sign stands for in a sentence.
_SIGNS = {"<": "below ", "<=": "at most ", ">": "above ", ">=": "at least ", "=": "", "in": "between "}
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

    `values` are those of the figure of the first `test`, and `name` is the figure in words. `median_interval` is None
    if there are too few runs for it, or if one gives no number. `wrong_alone` counts the runs that would lead to
    another answer alone.
    """

    test: Condition
    name: str
    values: tuple[float, ...]
    median: float
    median_interval: Interval | None
    kind: Kind
    wrong_alone: int

    @property
    def all_finite(self) -> bool:
        """Whether each run gives a number."""
        return all(map(math.isfinite, self.values))

    @property
    def counted(self) -> str:
        """If the test is about a share of the runs, what is true of a run that counts; otherwise empty."""
        return f"{self.name} is {_in_words(self.test.bounds)}" if self.test.share else ""

    @property
    def passed(self) -> int:
        """How many runs are within the bounds of the test."""
        return sum(map(self.test.bounds.have, self.values))

    @property
    def share_interval(self) -> tuple[float, float] | None:
        """The interval of the share of such runs; None if there are too few runs for it."""
        count = len(self.values)
        return share_interval(self.passed, count) if count >= FEWEST_PAIRS else None

    def sentence(self, option: str, runs: str) -> str:
        """The verdict about the option that the lesson expects to be right. `runs` says how many there are."""
        figure = self._share_words() if self.counted else self._median_words()
        finding = f"{runs}{figure if self.all_finite else ''}"
        if not self.decided:
            return f"{finding}. {UNDECIDED[self.kind]} The lesson expects: {option}."
        return f"{finding}. So the answer is{' not' if self.kind == 'no' else ''}: {option}."

    def _median_words(self) -> str:
        said = f": in the median, {self.name} is {short(self.median, 4)}"
        if self.median_interval:
            ends = f"{short(self.median_interval.low, 4)} to {short(self.median_interval.high, 4)}"
            said += f" ({ends} with a confidence of at least {CONFIDENCE:.0%})"
        return said

    def _share_words(self) -> str:
        said = f": in {self.passed / len(self.values):.0%} of them"
        if within := self.share_interval:
            said += f" ({within[0]:.0%} to {within[1]:.0%} with a confidence of about {CONFIDENCE:.0%})"
        return f"{said}, {self.counted}"

    @property
    def decided(self) -> bool:
        """Whether the runs say yes or no."""
        return self.kind not in UNDECIDED

    def alone_sentence(self) -> str:
        """How many runs alone would have led to another conclusion than all together; empty if that is unknown."""
        if not self.decided:
            return ""
        if self.test.share:
            return "One run alone cannot show a share."
        if not self.wrong_alone:
            return "Each run alone leads to the same conclusion."
        return f"{self.wrong_alone} of {len(self.values)} people would have been misled by their own run alone."


def tests_of(step: Step) -> tuple[Condition, ...]:
    """The tests of the step that read a run."""
    return step.tests("run")


def asks_of_training(step: Step) -> bool:
    """Whether the step tests the training loss of a head, which charts do not show by default."""
    return any(test.figure.name in ("training", "gap") and SEPARATOR in test.argument for test in tests_of(step))


def compares_sides(step: Step) -> bool:
    """Whether the step tests both sides of its run. A test that names no side compares them."""
    named = [[side for side in SIDES if side in re.split(r"\W|_", test.read)] or SIDES for test in tests_of(step)]
    return len({side for sides in named for side in sides}) != 1


def regions_of(step: Step) -> dict[int, tuple[float, float]]:
    """The lowest and highest value of the step's first figure that each option allows, by the option's position.

    If the first test is about a share of the runs, these are shares. Options without a test of the same are left out.
    Empty if fewer than two options remain, if the question does not take exactly one option, or if the right answer is
    about several figures: one axis cannot show these.
    """
    tests = tests_of(step)
    if not tests or step.kind != "one" or not all(_reads_same(each, tests[0]) for each in tests):
        return {}
    found: dict[int, tuple[float, float]] = {}
    for i, option in enumerate(step.options):
        expected = option.expected or (step.expected if option.right else None)
        same = [each for each in (expected.tests if expected else ()) if _reads_same(each, tests[0])]
        if same:
            bounds = [each.share or each.bounds for each in same]
            found[i] = max(each.low for each in bounds), min(each.high for each in bounds)
    return found if len(found) > 1 else {}


def _reads_same(one: Condition, other: Condition) -> bool:
    """Whether both tests are about the same figure, or about the same share of the runs."""
    return (one.read, one.share and one.bounds) == (other.read, other.share and other.bounds)


def _in_words(bounds: Bounds) -> str:
    """What a number within these bounds is: "above 1.5"."""
    sign, _, value = bounds.text.partition(" ")
    return f"{_SIGNS[sign]}{' and '.join(map(str.strip, value.split('..')))}"


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
        test=tests[0], name=in_words(tests[0].figure, step.experiment, tests[0].argument), values=values,
        median=float(np.median(finite)) if finite else math.nan,
        median_interval=interval(values) if len(finite) == len(values) else None, kind=kind,
        wrong_alone=agree if kind == "no" else len(runs) - agree,
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
