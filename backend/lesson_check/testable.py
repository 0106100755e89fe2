"""The tests that hold for a step: what an author can copy into `expect`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import product

from backend.lab.compass import DEFAULT_METHODS
from backend.lesson_check.measurements import Measurements
from backend.lessons.figure import SEPARATOR, Figure, Source
from backend.lessons.figures import FIGURES
from backend.lessons.lesson import Step
from backend.lessons.vocabulary import question_of, situation_of

#: The most figures that are named for a step.
_MOST_FIGURES = 60


def recorded_sources(step: Step) -> list[Source]:
    """What is recorded of the panels of a step on the Lab, whether or not a test reads it."""
    keys = map(question_of, (*step.block.before, *step.block.show))
    return [("question", key) for key in keys if step.block.page == "lab" and key]


def testable(step: Step, measured: Mapping[Source, Measurements]) -> list[str]:
    """The tests that hold for what the step has measured: conditions and numbers that an `expect` can name."""
    found = []
    situations = {situation_of(panel) for panel in step.block.show}
    for figure in FIGURES.values():
        for argument in _arguments(figure):
            is_shown = figure.kind == "compass" and argument.split(SEPARATOR)[0] in situations
            results = [(step.experiment, None)] if is_shown else measured.get(figure.source(argument), ())
            if results:
                found.append(_holding(figure, argument, [*results]))
    return list(filter(None, found))[:_MOST_FIGURES]


def _arguments(figure: Figure) -> Iterator[str]:
    if figure.kind == "compass":
        for situation in figure.takes[0].known:
            yield from (f"{situation}{SEPARATOR}{method}" for method in DEFAULT_METHODS)
    else:
        yield from (SEPARATOR.join(each) for each in product(*(argument.known for argument in figure.takes)))


def _holding(figure: Figure, argument: str, results: Measurements) -> str:
    """A test of the figure that holds; empty if it has no value here."""
    name = f"{figure.name}({argument})" if argument else figure.name
    try:
        values = [figure.measure(experiment, result, argument) for experiment, result in results]
    except (KeyError, ValueError, AttributeError, StopIteration, IndexError, ArithmeticError):
        return ""  # this evidence does not have it
    words = {value for value in values if isinstance(value, str)}
    if words:
        return f"{name} = {words.pop()}" if len(words) == 1 else ""
    numbers = [float(value) for value in values]
    low, high = min(numbers), max(numbers)
    if not all(map(math.isfinite, numbers)):
        return ""
    if low == high:
        return f"{name} = {_number(low, None)}"
    return f"{name} in {_number(low, math.floor)}..{_number(high, math.ceil)}"


def _number(value: float, rounded: Callable[[float], int] | None) -> str:
    """The number as an `expect` has it: exact, or with four digits, rounded so that the range still has it."""
    if rounded is not None and value:
        power = 3 - math.floor(math.log10(abs(value)))
        value = rounded(value * 10.0**power) / 10.0**power
    return f"{value:.12g}".replace("e+", "e")
