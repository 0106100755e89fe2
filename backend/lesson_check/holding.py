"""Which options the measurement makes right: with all seeds, with their median, and in the run that the class sees."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from backend.lesson_check import form
from backend.lesson_check.measurements import Measurements
from backend.lessons import Step
from backend.lessons.expect import Condition, Expectation
from backend.lessons.figure import POSITIVE, Source, Value
from backend.statistics.intervals import share_interval
from backend.words import short

#: Words of an option that speaks of several runs: its test may hold in a part of them.
_OF_RUNS = re.compile(
    r"\b(?:runs?|seeds?|of you|people|participants|always|never|often|rarely|sometimes|depends|random|most|few|none"
    r"|majority|minority|half|third|quarter|fifth|tenth)\b|%",
    re.IGNORECASE,
)
#: A wrong option's test nearly holds if the median is nearer to its bounds than this share.
NEAR = 0.01


@dataclass(frozen=True)
class Judge:
    """Judges the tests of a step by what was measured for each source."""

    step: Step
    measurements: Mapping[Source, Measurements]

    def values(self, test: Condition) -> list[Value]:
        """The figure of each seed."""
        return test.values(self.measurements[test.source])

    def seen(self, test: Condition) -> Sequence[Value]:
        """The figure of the seeds that the class sees: all that are measured, unless the step shows one run."""
        return self.seen_of(test.source, self.values(test))

    def seen_of(self, source: Source, values: Sequence[Value]) -> Sequence[Value]:
        """Those of a figure's values, one for each seed, that the class sees."""
        kind = source[0]
        if kind == "run" and self.step.block.run == "shared":
            return values[: self.step.experiment.training.seeds]
        return values[:1] if kind in ("claim", "gradients") else values

    def words(self, tests: Iterable[Condition]) -> str:
        """What was measured, in words."""
        return "; ".join(f"{test.name} is {test.measured(self.values(test))}" for test in tests)

    def faults(self, blamed: Sequence[str] = ()) -> Iterator[form.Fault]:
        """The options that are ticked and do not hold, or not ticked and hold, but for the blamed ones."""
        tests = [(option.text, expected, option.right) for option, expected in form.tested(self.step)]
        if self.step.kind == "several" and self.step.expected:
            tests.append((self.step.ticked, self.step.expected, True))
        failing: list[tuple[str, Expectation, str]] = []
        holding: list[tuple[str, Expectation, str]] = []
        for text, expected, right in tests:
            if text in blamed:
                continue
            if words := (self._fails if right else self._holds)(text, expected):
                (failing if right else holding).append((text, expected, words))
        for text, expected, words in failing:
            instead = f" “{holding[0][0]}” holds." if holding else ""
            yield text, f"“{text}” is ticked and expects {expected.text}, but {words}.{instead}"
        for text, expected, words in () if failing else holding:
            yield text, f"“{text}” is not ticked and expects {expected.text}, and that {words}."
        if self.step.kind == "number" and not (failing or blamed):
            yield from self._of_number()

    def _fails(self, text: str, expectation: Expectation) -> str:
        """Why a test that should hold does not, in words; empty if it does."""
        for test in expectation.tests:
            values = self.values(test)
            if not test.holds(values):
                return f"{test.name} is {test.measured(values)}"
            if not self._median_holds(test, text):
                return f"the median of {test.read} is {short(middle_of(values), 4)}"
            if _says_little(test, values):
                tens = f"{short(middle_of(values) / 10, 2)} and {short(middle_of(values) * 10, 2)}"
                return (
                    f"{tens} would pass, too, and {test.read} is {short(middle_of(values), 4)}: make the test narrower"
                )
            if not test.holds(self.seen(test)):
                return f"{test.read} is {test.measured(self.seen(test))} in the run that the class sees"
        return ""

    def _holds(self, text: str, expectation: Expectation) -> str:
        """Why a test that should not hold does, in words; empty if it does not.

        A test of another figure than those of the right answer makes no difference: anything false would do.
        """
        read = form.read_by_right(self.step)
        tests = [test for test in expectation.tests if test.figure.name in read]
        more = "" if len(tests) == len(expectation.tests) else " in what the right answer reads"
        if all(test.holds(self.values(test)) for test in tests):
            return f"holds{more}: {self.words(tests)}"
        if not _OF_RUNS.search(text) and all(self._median_holds(test, text) for test in tests):
            medians = (f"the median of {test.read} is {short(middle_of(self.values(test)), 4)}" for test in tests)
            return f"holds{more}: {'; '.join(medians)}"
        if all(test.holds(self.seen(test)) for test in tests):
            seen = "; ".join(f"{test.read} is {test.measured(self.seen(test))}" for test in tests)
            return f"holds{more}: {seen} in the run that the class sees"
        if all(_nearly(test, self.values(test)) for test in tests):
            return f"nearly holds{more}: {self.words(tests)}"
        return ""

    def _median_holds(self, test: Condition, text: str) -> bool:
        """Whether the test is true of the median; if its option speaks of runs, whether it is true of these."""
        values = self.values(test)
        of_part = bool(test.share) or test.over in ("least", "most")
        if test.figure.words or len(values) == 1 or (of_part and _OF_RUNS.search(text)):
            return test.holds(values)
        middle, most_fail = middle_of(values), test.share is not None and test.share.high <= 1 / 2
        return math.isfinite(middle) and test.bounds.have(middle) != most_fail

    def _of_number(self) -> Iterator[form.Fault]:
        """A sentence if the number that is ticked is another one than what the first test reads."""
        if not self.step.expected:
            return
        test = self.step.expected.tests[0]
        for values in (self.values(test), self.seen(test)):
            middle = middle_of(test.reduced(values) if test.share else values)
            if self.step.answer_of(middle) != self.step.right:
                said = short(middle, 4) if math.isfinite(middle) else "no number"
                sentence = f"“{self.step.ticked}” is ticked, but {test.read} is {said}: its first test has to read it."
                yield self.step.ticked, sentence
                return

    def few(self) -> Iterator[str]:
        """A warning for each share that the right answer expects: how large it can be, by so few seeds."""
        for option, expectation in form.tested(self.step):
            for test in expectation.tests:
                if test.share and option.right:
                    values = self.values(test)
                    passed = sum(map(test.bounds.have, values))
                    low, high = share_interval(passed, len(values))
                    if test.share.contain(low, high):
                        continue
                    yield (
                        f"{passed} of {len(values)} seeds have {test.read} {test.bounds.text}. So the share can be "
                        f"{low:.0%} to {high:.0%}, and a class may see another answer."
                    )


def _nearly(test: Condition, values: Sequence[Value]) -> bool:
    """Whether the median of a figure that is never 0 is within the test's bounds, or at most 1 % beside them."""
    if test.share or test.figure.domain(test.argument) != POSITIVE or test.figure.words:
        return False
    return any(test.bounds.have(middle_of(values) * factor) for factor in (1 - NEAR, 1, 1 + NEAR))


def _says_little(test: Condition, values: Sequence[Value]) -> bool:
    """Whether a tenth of what was measured passes, and ten times as much, for a figure that is never 0."""
    if test.share or test.figure.words or test.figure.domain(test.argument) != POSITIVE:
        return False
    return all(test.bounds.have(middle_of(values) * factor) for factor in (0.1, 10))


def middle_of(values: Sequence[Value]) -> float:
    """The median of the numbers; NaN if there is none, or one is not finite."""
    numbers = [float(value) for value in values if not isinstance(value, str)]
    return median(numbers) if numbers and all(map(math.isfinite, numbers)) else math.nan
