"""The language in which a step says what its ticked option claims: tests of measured figures, joined by `and`.

    median(ratio) in 1.9..2.1
    ratio < 1.05 and claim(parameters) = true
    sharing(hard, 1) = better

A figure by itself stands for its value with every seed: each of them has to pass. `median`, `least` and `most` reduce
them to one value. `share` is the share of the seeds that pass a test: `share(dead_units(right) > 0) >= 0.6`. Only these
tests are evaluated, never code.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from backend.experiment import Experiment
from backend.lessons.figure import SEPARATOR, BadExpectation, Figure, Source, Value
from backend.lessons.figures import find
from backend.words import short

_REDUCE: dict[str, Callable[[Sequence[Any]], Value]] = {"median": median, "least": min, "most": max}
#: A number that differs from the one after `=` by less than this share is equal to it.
EQUAL = 1e-9
_NUMBER = r"-?\d{1,15}(?:\.\d{1,15})?(?:[eE][-+]?\d{1,3})?"
_BOUNDS = rf"(<=|>=|<|>|=|in\b) ?({_NUMBER}(?: ?\.\. ?{_NUMBER})?|[a-z_]+)"
#: A test, in whose text each space is one. A figure may stand in `median`, `least` or `most`, and a test in `share`.
_TEST = re.compile(
    rf"(?P<share>share ?\( ?)?(?:(?P<over>{'|'.join(_REDUCE)}) ?\( ?)?(?P<name>[A-Za-z_]\w*) ?"
    rf"(?:\((?P<argument>[^()]*)\) ?)?(?(over)\) ?){_BOUNDS}(?(share) ?\) ?{_BOUNDS})"
)
_FORM = (
    "a test is a figure, one of <, <=, >, >=, = or in, and a number, a range or a word, as in "
    "median(ratio) in 1.9..2.1; join two tests with “and”."
)
#: What stands after a sign, and after `in`.
_AFTER = ("a number, such as 1.05 or 4762", "a range whose smaller number is first, such as 1.9..2.1")


@dataclass(frozen=True)
class Bounds:
    """What a value has to be: between `low` and `high`, which it may equal if `closed`, or the `word`.

    `text` is how they are written: "> 1.5".
    """

    low: float = -math.inf
    high: float = math.inf
    closed: bool = True
    word: str = ""
    text: str = ""

    def have(self, value: Value) -> bool:
        """Whether the value is within them; never if it is NaN or infinite."""
        if isinstance(value, str) or self.word:
            return value == self.word
        if self.low == self.high:
            return abs(value - self.low) <= EQUAL * max(1.0, abs(self.low))
        within = self.low <= value <= self.high if self.closed else self.low < value < self.high
        return within and math.isfinite(value)

    def contain(self, low: float, high: float) -> bool:
        """Whether every number from `low` to `high` is within them. Neither end has to be finite."""
        at_ends = (self.closed or self.low < low or math.isinf(low)) and (
            self.closed or high < self.high or math.isinf(high)
        )
        return not self.word and self.low <= low and high <= self.high and at_ends

    def meet(self, low: float, high: float) -> bool:
        """Whether any number from `low` to `high` is within them."""
        touch = self.low <= high and low <= self.high if self.closed else self.low < high and low < self.high
        return not self.word and touch


@dataclass(frozen=True)
class Condition:
    """One test: the figure of each seed is within the `bounds`.

    With `over`, the value that this reduces the seeds to is. With `share`, the share of the seeds that are within the
    `bounds` is within those of the share.
    """

    figure: Figure
    argument: str
    over: str
    bounds: Bounds
    share: Bounds | None = None

    @property
    def name(self) -> str:
        """What is tested, as a report says it: "median of ratio"."""
        if self.share:
            return f"share of the seeds with {self.read} {self.bounds.text}"
        return f"{self.over} of {self.read}" if self.over else self.read

    @property
    def read(self) -> str:
        """The figure with its argument, as an author writes it: "head_ratio(trend)"."""
        return self.figure.with_argument(self.argument)

    @property
    def source(self) -> Source:
        """What has to be measured for it."""
        return self.figure.source(self.argument)

    def values(self, results: Iterable[tuple[Experiment, Any]]) -> list[Value]:
        """The figure of each seed: `results` are the seeds' experiments, with what was measured for the source."""
        return [self.figure.measure(experiment, result, self.argument) for experiment, result in results]

    def holds(self, values: Sequence[Value]) -> bool:
        """Whether the test is true of a figure's values, one for each seed."""
        return bool(values) and all(map((self.share or self.bounds).have, self.reduced(values)))

    def measured(self, values: Sequence[Value]) -> str:
        """What was measured, in a few words."""
        texts = (value if isinstance(value, str) else short(value, 4) for value in self.reduced(values))
        return ", ".join(dict.fromkeys(texts))

    def reduced(self, values: Sequence[Value]) -> Sequence[Value]:
        """What the bounds are about: the values, or one value or the share of them; NaN if a value is not finite."""
        if not self.over and not self.share:
            return values
        if any(isinstance(value, float) and not math.isfinite(value) for value in values):
            return [math.nan]
        return [sum(map(self.bounds.have, values)) / len(values) if self.share else _REDUCE[self.over](values)]


@dataclass(frozen=True)
class Expectation:
    """All tests of a text; they have to hold together."""

    tests: tuple[Condition, ...]
    text: str

    @property
    def sources(self) -> tuple[Source, ...]:
        """What has to be measured, each once."""
        return tuple(dict.fromkeys(test.source for test in self.tests))


def parse(text: str) -> Expectation:
    """The expectation that `text` describes. Raises BadExpectation."""
    return Expectation(tuple(_read(" ".join(part.split())) for part in re.split(r"\band\b", text)), text)


def _read(text: str) -> Condition:
    """One test."""
    match = _TEST.fullmatch(text)
    if match is None:
        raise BadExpectation(f"“{text[:60]}” cannot be read: {_FORM}")
    argument = SEPARATOR.join(filter(None, map(str.strip, (match["argument"] or "").split(","))))
    figure, over = find(match["name"], argument), match["over"] or ""
    *_, sign, value, share_sign, share_value = match.groups()
    if not figure.words:
        bounds = _bounds(sign, value)
    elif over or sign != "=" or value not in figure.words:
        raise BadExpectation(f"{figure.name} is no number; it takes only “=” and one of {', '.join(figure.words)}.")
    else:
        bounds = Bounds(word=value, text=f"= {value}")
    share = _bounds(share_sign, share_value) if match["share"] else None
    if share and (over or not all(0 <= each <= 1 for each in (share.low, share.high) if math.isfinite(each))):
        raise BadExpectation("share is over the seeds by itself, and a number from 0 to 1: share(ratio > 1) >= 0.6.")
    return Condition(figure, argument, over, bounds, share)


def _bounds(sign: str, value: str) -> Bounds:
    """The bounds after a sign."""
    numbers = [float(number) for number in re.findall(_NUMBER, value)]
    if len(numbers) != (2 if sign == "in" else 1) or (numbers[0] >= numbers[-1] and sign == "in"):
        raise BadExpectation(f"after “{sign}” there is {_AFTER[sign == 'in']}, not “{value}”.")
    low, high = -math.inf if sign[0] == "<" else numbers[0], math.inf if sign[0] == ">" else numbers[-1]
    return Bounds(low, high, sign not in "<>", text=f"{sign} {value}")
