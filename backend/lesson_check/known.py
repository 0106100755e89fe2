"""All figures of what a step has measured: tests of them that hold, and the numbers of its texts beside them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from backend.lesson_check import form, texts
from backend.lesson_check.holding import Judge, middle_of
from backend.lesson_check.measurements import Measurements
from backend.lesson_check.texts import Number
from backend.lessons import Step
from backend.lessons.expect import Condition
from backend.lessons.figure import SEPARATOR, Domain, Figure, Source, Value
from backend.lessons.figures import FIGURES
from backend.words import short

#: The most figures that a sentence names.
_MOST = 3


@dataclass(frozen=True)
class Known:
    """A figure with an argument, and its value with each seed."""

    figure: Figure
    argument: str
    values: tuple[Value, ...]

    @property
    def name(self) -> str:
        """The figure as an author writes it."""
        return self.figure.with_argument(self.argument)

    @property
    def domain(self) -> Domain:
        """Its lowest and highest possible value."""
        return self.figure.domain(self.argument)

    @property
    def test(self) -> str:
        """A test of the figure that holds; empty if it has no value here. Rounded bounds still contain the values."""
        values = {*self.values}
        if self.figure.words:
            return f"{self.name} = {values.pop()}" if len(values) == 1 else ""
        numbers = [*map(float, values)]
        if not all(map(math.isfinite, numbers)):
            return ""
        low, high, slack = min(numbers), max(numbers), max(map(abs, numbers)) / 1000
        return f"{self.name} = {low:.12g}" if low == high else f"{self.name} in {low - slack:.5g}..{high + slack:.5g}"


def figures(step: Step, measurements: Mapping[Source, Measurements]) -> Iterator[Known]:
    """The figures that have a value in what was measured."""
    heads = [head.name for head in step.experiment.architecture.heads]
    for figure in FIGURES.values():
        for given in product(*([""] * each.optional + [*(each.known or heads)] for each in figure.takes)):
            argument = SEPARATOR.join(filter(None, given))
            results = measurements.get(figure.source(argument), [])
            try:
                values = tuple(figure.measure(experiment, result, argument) for experiment, result in results)
            except (LookupError, ValueError, AttributeError, StopIteration, ArithmeticError):
                continue  # this evidence does not have it
            if values:
                yield Known(figure, argument, values)


@dataclass
class Numbers:
    """The numbers in the texts of a step: the `faults` of those that are compared, and how the others are written."""

    judge: Judge
    known: list[Known]
    faults: list[str] = field(default_factory=list)
    others: list[Number] = field(default_factory=list)

    def compare(self, blamed: Sequence[str]) -> None:
        """Compare the numbers of the ticked options, but for the blamed ones, and of Why with what was measured."""
        self._begin(blamed)
        named: dict[str, list[Known]] = {}
        for each in self.known:
            if not each.figure.words:
                for name in dict.fromkeys((each.name.lower(), each.figure.spoken)):
                    named.setdefault(name, []).append(each)
        step = self.judge.step
        ticked = [(f"“{each.text}”", each.text) for each in step.options if each.right and each.text not in blamed]
        for where, text in [*(ticked if step.kind != "number" else ()), ("Why", step.why)]:
            found, others = texts.beside(text, named)
            self.others += others if where == "Why" else ()
            for name, number in found:
                if not any(number.agrees(value, each.domain) for each in named[name] for value in self._values(each)):
                    said = "; ".join(f"{each.name} is {_short(each)}" for each in named[name][:_MOST])
                    self.faults.append(
                        f"{where} says {number.text} beside {name}, but {said}. Write the measured number, or “about” "
                        "if it is nearly right."
                    )

    def _values(self, known: Known) -> Iterator[float]:
        """The median, and the value that the class sees."""
        yield middle_of(known.values)
        yield middle_of(self.judge.seen_of(known.figure.source(known.argument), known.values))

    def _begin(self, blamed: Sequence[str]) -> None:
        """Compare the number that a ticked option says with what its tests read."""
        for option, expectation in form.tested(self.judge.step):
            number = texts.number_of(option.text)
            if not option.right or number is None or self.judge.step.kind == "number" or option.text in blamed:
                continue
            read = [
                test for test in expectation.tests
                if not test.bounds.word and number.is_within(test.share or test.bounds)
            ]  # fmt: skip
            if read and not any(number.agrees(*each) for test in read for each in self._reduced(test)):
                values = self.judge.values(read[0])
                said = short(middle_of(values), 4)
                self.faults.append(f"“{option.text}” says {number.text}, but the median of {read[0].read} is {said}.")

    def _reduced(self, test: Condition) -> Iterator[tuple[float, Domain]]:
        """The median or the share that a test is about, of all seeds and of what the class sees, with its domain."""
        domain = (0.0, 1.0) if test.share else test.figure.domain(test.argument)
        for values in (self.judge.values(test), self.judge.seen(test)):
            yield middle_of(test.reduced(values) if test.share else values), domain


def _short(known: Known) -> str:
    middle = middle_of(known.values)
    return short(middle, 4) if math.isfinite(middle) else "no number"
