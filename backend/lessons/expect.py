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
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

from backend.lessons.figure import SEPARATOR, Figure, Source, Value
from backend.lessons.figures import find
from backend.words import short

Over = Literal["each", "median", "least", "most", "share"]
_REDUCE: dict[str, Callable[[Sequence[float]], float]] = {"median": median, "least": min, "most": max}
#: A number that differs from the one after `=` by less than this share is equal to it.
EQUAL = 1e-9
_NUMBER = r"-?\d{1,15}(?:\.\d{1,15})?(?:[eE]-?\d{1,3})?"
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


class BadExpectation(ValueError):
    """A text that is no expectation, with the reason in a sentence."""


@dataclass(frozen=True)
class Condition:
    """One test. `low` and `high` bound the value, which may equal them if `closed`; or it has to be the `word`.

    If `over` is "share", they bound the share of the seeds that pass the test `inner`.
    """

    figure: Figure
    argument: str
    over: Over
    low: float = -math.inf
    high: float = math.inf
    closed: bool = True
    word: str = ""
    inner: Condition | None = None

    @property
    def name(self) -> str:
        """What is tested, as a report says it: "median of ratio"."""
        if self.inner is not None:
            return f"share of the seeds with {self.inner.name} {self.inner.bounds_in_words}"
        return self.read if self.over == "each" else f"{self.over} of {self.read}"

    @property
    def read(self) -> str:
        """The figure with its argument, as an author writes it: "head_ratio(trend)"."""
        return f"{self.figure.name}({self.argument})" if self.argument else self.figure.name

    @property
    def bounds(self) -> tuple[float, float]:
        """The bounds of the figure of each seed, also in a test of a share."""
        return (self.low, self.high) if self.inner is None else self.inner.bounds

    @property
    def bounds_in_words(self) -> str:
        """The bounds as they are written."""
        if self.word or self.low == self.high:
            return f"= {self.word or short(self.low, 4)}"
        if math.isinf(self.high):
            return f">{'=' if self.closed else ''} {short(self.low, 4)}"
        if math.isinf(self.low):
            return f"<{'=' if self.closed else ''} {short(self.high, 4)}"
        return f"in {short(self.low, 4)}..{short(self.high, 4)}"

    @property
    def source(self) -> Source:
        """What has to be measured for it."""
        return self.figure.source(self.argument)

    def holds(self, values: Sequence[Value]) -> bool:
        """Whether the test is true of a figure's values, one for each seed."""
        return bool(values) and all(self._passes(value) for value in self._reduced(values))

    def measured(self, values: Sequence[Value]) -> str:
        """What was measured, in a few words."""
        texts = (value if isinstance(value, str) else short(value, 4) for value in self._reduced(values))
        return ", ".join(dict.fromkeys(texts))

    def _reduced(self, values: Sequence[Value]) -> list[Value]:
        if self.inner is not None:
            unknown = any(isinstance(value, float) and not math.isfinite(value) for value in values)
            return [math.nan if unknown else sum(map(self.inner.passes_alone, values)) / len(values)]
        numbers = [value for value in values if isinstance(value, float)]
        if self.over == "each" or len(numbers) < len(values) or not numbers:
            return list(values)
        if not all(map(math.isfinite, numbers)):
            return [math.nan]
        return [float(_REDUCE[self.over](numbers))]

    def passes_alone(self, value: Value) -> bool:
        """Whether the value of one seed passes; if the test is about a share, whether it counts there."""
        return self._passes(value) if self.inner is None else self.inner.passes_alone(value)

    def _passes(self, value: Value) -> bool:
        if isinstance(value, str):
            return value == self.word
        return not self.word and passes(value, self.low, self.high, self.closed)


def passes(value: float, low: float, high: float, closed: bool) -> bool:
    """Whether a number lies between these two, which it may equal if `closed`."""
    if not math.isfinite(value):
        return False
    if low == high:
        return abs(value - low) <= EQUAL * max(1.0, abs(low))
    return low <= value <= high if closed else low < value < high


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
    return Expectation(tuple(_read(part) for part in re.split(r"\band\b", text)), text)


def _read(text: str) -> Condition:
    """One test."""
    match = _TEST.fullmatch(" ".join(text.split()))
    if match is None:
        raise BadExpectation(f"“{' '.join(text.split())[:60]}” cannot be read: {_FORM}")
    over: Any = match["over"] or "each"
    argument = SEPARATOR.join(part.strip() for part in (match["argument"] or "").split(",") if part.strip())
    try:
        figure = find(match["name"], argument)
    except KeyError as error:
        raise BadExpectation(str(error.args[0])) from None
    *_, sign, value, share_sign, share_value = match.groups()
    if figure.words:
        if over != "each" or sign != "=" or value not in figure.words:
            raise BadExpectation(f"{figure.name} is no number; it takes only “=” and one of {', '.join(figure.words)}.")
        test = Condition(figure, argument, over, word=value)
    else:
        test = Condition(figure, argument, over, *_bounds(sign, value))
    if not match["share"]:
        return test
    low, high, closed = _bounds(share_sign, share_value)
    if over != "each" or not all(0 <= bound <= 1 for bound in (low, high) if math.isfinite(bound)):
        raise BadExpectation("share is over the seeds by itself, and a number from 0 to 1: share(ratio > 1) >= 0.6.")
    return Condition(figure, argument, "share", low, high, closed, inner=test)


def _bounds(sign: str, value: str) -> tuple[float, float, bool]:
    """The bounds after a sign, and whether the figure may equal them."""
    numbers = [float(number) for number in re.findall(_NUMBER, value)]
    if len(numbers) != (2 if sign == "in" else 1) or (numbers[0] >= numbers[-1] and sign == "in"):
        raise BadExpectation(f"after “{sign}” there is {_AFTER[sign == 'in']}, not “{value}”.")
    low, high = numbers[0], numbers[-1]
    return -math.inf if sign[0] == "<" else low, math.inf if sign[0] == ">" else high, sign not in "<>"


#: What stands after a sign, and after `in`.
_AFTER = ("a number, such as 1.05 or 4762", "a range whose smaller number is first, such as 1.9..2.1")
