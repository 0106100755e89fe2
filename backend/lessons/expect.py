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
from typing import Literal

from backend.lessons.figure import SEPARATOR, Figure, Source, Value
from backend.lessons.figures import FIGURES, find
from backend.words import short

Over = Literal["each", "median", "least", "most", "share"]
_OVER: dict[str, Over] = {"median": "median", "least": "least", "most": "most"}
_REDUCE: dict[Over, Callable[[Sequence[float]], float]] = {"median": median, "least": min, "most": max}
_NOT_OVER = ("mean", "average", "min", "max")
_NUMBER = r"-?\d{1,15}(?:\.\d{1,15})?(?:[eE]-?\d{1,3})?"
_TOKEN = re.compile(rf"\s*(?:(?P<number>{_NUMBER})(?![\w])|(?P<name>[A-Za-z_]\w*)|(?P<sign>\.\.|<=|>=|[<>=(),]))")
#: A number that differs from the one after `=` by less than this share is equal to it.
EQUAL = 1e-9


_SIGNS = r"<=|>=|<|>|=|in"
_JOIN = "join two tests with “and”"
_NO_COMMA = f"write a number without a comma, as 1.05 or 4762, and {_JOIN}."
#: What an author may have meant by a word or a sign that the language does not have.
_HINTS = {",": _NO_COMMA, "or": f"there is no “or”; write a range, or {_JOIN}."}


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
    tokens = _Tokens(text)
    tests = [_read_test(tokens)]
    while tokens.take("and"):
        tests.append(_read_test(tokens))
    if tokens.left:
        raise BadExpectation(_HINTS.get(tokens.left[0]) or f"“{tokens.left[0][:40]}” is not expected there; {_JOIN}.")
    return Expectation(tuple(tests), text)


class _Tokens:
    """The words, numbers and signs of a text, taken from the left."""

    def __init__(self, text: str) -> None:
        self.left: list[str] = []
        self._last = ""
        at, text = 0, text.strip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                curly = "; write straight quotation marks in place of “ or ”" if text[at:].lstrip()[0] in "“”„" else ""
                raise BadExpectation(f"“{text[at : at + 20].strip()}” cannot be read{curly}.")
            self.left.append(match[0].strip())
            at = match.end()

    def take(self, *wanted: str) -> str:
        """The next token if it is one of `wanted`; else an empty text, and nothing is taken."""
        return self._next() if self.left and self.left[0] in wanted else ""

    def need(self, what: str, pattern: str) -> str:
        """The next token, which has to match. `what` names it."""
        if not self.left or not re.fullmatch(pattern, self.left[0]):
            if self.left[:1] == ["="] and self._last == "=":
                raise BadExpectation("write one “=”.")
            if self.left[:1] == [","] and re.fullmatch(_NUMBER, self._last):
                raise BadExpectation(_NO_COMMA)
            instead = f", not “{self.left[0][:40]}”" if self.left else ""
            raise BadExpectation(f"it needs {what}{instead}.")
        return self._next()

    def _next(self) -> str:
        self._last = self.left.pop(0)
        return self._last


def _read_test(tokens: _Tokens) -> Condition:
    if tokens.take("share"):
        return _read_share(tokens)
    figure, argument, over = _read_figure(tokens)
    sign = tokens.need("one of <, <=, >, >=, = or in", _SIGNS)
    if figure.words:
        if sign != "=":
            raise BadExpectation(f"{figure.name} takes only “=” and one of {', '.join(figure.words)}.")
        allowed = "|".join(figure.words)
        return Condition(figure, argument, over, word=tokens.need(f"one of {', '.join(figure.words)}", allowed))
    low, high, closed = _read_bounds(tokens, sign)
    return Condition(figure, argument, over, low, high, closed)


def _read_share(tokens: _Tokens) -> Condition:
    """The share of the seeds that pass a test: `share(ratio > 1) >= 0.6`."""
    tokens.need("“(” after share", r"\(")
    inner = _read_test(tokens)
    if inner.over != "each":
        raise BadExpectation(f"share is over the seeds by itself, so between its parentheses there is no {inner.over}.")
    tokens.need("“)” after the test that share counts", r"\)")
    sign = tokens.need("one of <, <=, >, >=, = or in", _SIGNS)
    low, high, closed = _read_bounds(tokens, sign)
    if not all(0 <= bound <= 1 for bound in (low, high) if math.isfinite(bound)):
        raise BadExpectation("a share is a number from 0 to 1, such as 0.6.")
    return Condition(inner.figure, inner.argument, "share", low, high, closed, inner=inner)


def _read_bounds(tokens: _Tokens, sign: str) -> tuple[float, float, bool]:
    """The bounds after a sign, and whether the value may equal them."""
    if sign == "in":
        low = _read_number(tokens)
        tokens.need("“..” between two numbers", r"\.\.")
        high = _read_number(tokens)
        if low >= high:
            raise BadExpectation(f"the range {low:g}..{high:g} is empty; write the smaller number first.")
        return low, high, True
    value = _read_number(tokens)
    if sign == "=":
        return value, value, True
    low, high = (value, math.inf) if sign[0] == ">" else (-math.inf, value)
    return low, high, len(sign) == 2


def _read_number(tokens: _Tokens) -> float:
    return float(tokens.need("a number", _NUMBER))


def _read_figure(tokens: _Tokens) -> tuple[Figure, str, Over]:
    name = tokens.need("the name of a figure", r"[A-Za-z_]\w*")
    over: Over = "each"
    if name in _OVER:
        over = _OVER[name]
        tokens.need(f"“(” after {name}", r"\(")
        name = tokens.need("the name of a figure", r"[A-Za-z_]\w*")
    arguments: list[str] = []
    if tokens.take("("):
        while not arguments or tokens.take(","):
            arguments.append(tokens.need(f"a key between the parentheses after {name}", rf"[A-Za-z_]\w*|{_NUMBER}"))
        tokens.need("“)”", r"\)")
    argument = SEPARATOR.join(arguments)
    if over != "each":
        tokens.need("“)”", r"\)")
    if name in _NOT_OVER:
        raise BadExpectation(f"there is no {name}; over the seeds there are median, least, most and share.")
    try:
        figure = find(name, argument)
    except KeyError as error:
        raise BadExpectation(str(error.args[0])) from None
    if over != "each" and figure.words:
        raise BadExpectation(f"{figure.name} is no number, so it has no {over}.")
    return figure, argument, over


__all__ = ["FIGURES", "BadExpectation", "Condition", "Expectation", "parse"]
