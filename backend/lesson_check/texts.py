"""Numbers in the texts of a lesson: which stand beside the name of a figure, and whether they agree with a measurement.

A number agrees if the measured one, rounded to as many digits, is this number, and if they differ by at most a tenth.
With a word such as “about”, a difference of a tenth is enough. A percentage, or a part such as “a fifth”, can be a
share, a change or the distance of a ratio from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backend.lessons.expect import Bounds
from backend.lessons.figure import POSITIVE, Domain
from backend.lessons.findings import sentences

#: The share by which a number with a word such as “about” may differ from the measured one.
APPROXIMATE = 0.1
_WORDS = {
    "a tenth": 0.1, "a fifth": 0.2, "a quarter": 0.25, "a third": 1 / 3, "half": 0.5, "twice": 2.0, "double": 2.0,
    "three times": 3.0, "four times": 4.0, "five times": 5.0, "six times": 6.0, "eight times": 8.0, "ten times": 10.0,
}  # fmt: skip
_FRACTION = r"(?:/| of | out of | in )"
_PLAIN = rf"(?:[1-9]\d?{_FRACTION}[1-9]\d?|\d+(?:,\d{{3}})*(?:\.\d+)?)"
_SIGNS = {
    "~": r"about|around|roughly|nearly|almost|approximately|close to|≈|~",
    "<": r"less than|fewer than|smaller than|below|under|at most|up to|within",
    ">": r"more than|larger than|greater than|above|over|at least",
}
_NUMBER = re.compile(
    rf"(?:\b(?P<between>between|from)\s+|(?P<sign>{'|'.join(_SIGNS.values())})\s*)?"
    rf"(?<![\w.,-])(?:(?P<minus>[-−])?(?P<number>{_PLAIN})(?![\w⁻⁰¹²³⁴-⁹^/]|\.\d)"
    rf"(?:\s?(?:to|\.\.|–|(?(between)and|to))\s?(?P<upper>{_PLAIN}))?\s?(?P<percent>%|percent\b)?"
    rf"|\b(?P<word>{'|'.join(_WORDS)})\b)(?P<more>\s+or\s+(?:more|less|fewer))?",
    re.IGNORECASE,
)
#: What may stand before an option's number.
_BEFORE = re.compile(r"(?:only|still|exactly|now|yes,?|no[,:]?|by)?\s*", re.IGNORECASE)
#: A sentence with one of these words supposes something, and one with such a sign computes it.
_SUPPOSED = re.compile(r"\b(?:would|were|if|unless|suppose|means?|cannot|not)\b|[×÷+]", re.IGNORECASE)
_LIST = re.compile(r"^\s*\d+[.)]\s+", re.MULTILINE)
_CODE, _LINK = re.compile(r"`([^`]*)`"), re.compile(r"\[([^\]]*)\]\([^)]*\)")
#: A noun behind a number: a word that is none of these.
_NOUN = re.compile(
    r"\s*(?!(?:and|or|but|in|for|with|after|at|on|to|of|by|as|than|times|here|there|while|so|because|exactly|only|now"
    r"|again|too|smaller|larger|lower|higher|more|less|is|are)\b)[a-z]",
    re.IGNORECASE,
)
#: The most characters between a name and its number.
_APART = 25


@dataclass(frozen=True)
class Number:
    """A number in a text, as it is written: `sign` is "~" if it is approximate, "<" or ">" if it is a bound."""

    text: str
    low: float
    high: float
    half: float
    is_part: bool = False
    sign: str = ""

    @classmethod
    def of(cls, match: re.Match[str]) -> Number:
        """The number of a match of `_NUMBER`."""
        written = match["number"] or match["word"].lower()
        low = _WORDS[written] if match["word"] else _value(written)
        high = _value(match["upper"]) if match["upper"] else low
        digits = 0.5 * 10.0 ** -len(written.partition(".")[2])
        half = APPROXIMATE / 2 * low if match["word"] else min(digits, APPROXIMATE * low or digits)
        is_part = bool(match["percent"]) or (bool(match["word"]) and low < _WORDS["half"])
        if match["minus"]:
            low, high = -high, -low
        scale = 100 if match["percent"] else 1
        said = (match["sign"] or "").lower()
        sign = next((sign for sign, words in _SIGNS.items() if said and re.fullmatch(words, said)), "")
        if match["more"]:
            sign = ">" if match["more"].endswith("more") else "<"
        return cls(match[0].strip(), low / scale, high / scale, half / scale, is_part, sign)

    def agrees(self, value: float, domain: Domain) -> bool:
        """Whether the measured value of a figure with this domain is what the text says."""
        if not self.is_part:
            return self._agrees(value)
        if domain != POSITIVE:
            return self._agrees(abs(value))
        return self._agrees(abs(value - 1)) or (not self.sign and self._agrees(value))

    def _agrees(self, value: float) -> bool:
        if self.sign == "<":
            return value <= self.high + self.half
        if self.sign == ">":
            return value >= self.low - self.half
        within = max(self.half, APPROXIMATE * max(abs(self.low), abs(self.high)) * (self.sign == "~"))
        return self.low - within <= value <= self.high + within

    def is_within(self, bounds: Bounds) -> bool:
        """Whether bounds contain the number, or reach it."""
        slack = APPROXIMATE * abs(self.low) if self.sign == "~" else 1e-9
        ends = [self.low, -self.low, 1 - self.low, 1 + self.low] if self.is_part else [self.low]
        return any(bounds.low - slack <= end <= bounds.high + slack for end in ends)


def _value(written: str) -> float:
    above, *below = re.split(_FRACTION, written.replace(",", ""))
    return float(above) / float(below[0] if below else 1)


def _counts(text: str, number: re.Match[str]) -> bool:
    """Whether the number counts something: it is whole, and a noun follows it."""
    is_whole = not number["percent"] and (number["number"] or ".").replace(",", "").isdecimal()
    return is_whole and bool(_NOUN.match(text, number.end()))


def number_of(text: str) -> Number | None:
    """The number that an option says: the one with which it begins, or its only one. Numbers that count are none."""
    plain = _plain(text, ())
    begin = _BEFORE.match(plain).end()  # type: ignore[union-attr]  # it matches every text
    found = [each for each in _NUMBER.finditer(plain) if not _counts(plain, each)]
    said = [each for each in found if each.start() == begin] or [each for each in found if each["number"]]
    return Number.of(said[0]) if len(said) == 1 else None


def beside(text: str, names: Iterable[str]) -> tuple[list[tuple[str, Number]], list[Number]]:
    """The numbers of a text in Markdown that stand beside one of the names, with this name, and all others.

    A number belongs to the nearest name of its sentence, unless it counts something else. Sentences that suppose or
    compute something have none.
    """
    longest = sorted(names, key=len, reverse=True)
    name = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE) if longest else None
    found: list[tuple[str, Number]] = []
    others: list[Number] = []
    for sentence in sentences(_plain(text, longest)):
        places = [] if name is None or _SUPPOSED.search(sentence) else [*name.finditer(sentence)]
        taken = [range(*place.span()) for place in places]
        for match in _NUMBER.finditer(sentence):
            if any(match.end() - 1 in each for each in taken):
                continue
            near = min(places, key=lambda place: _distance(place, match), default=None)
            counts = near is not None and near.end() <= match.start() and _counts(sentence, match)
            if near is not None and not counts and _distance(near, match) <= _APART:
                found.append((near[0].lower(), Number.of(match)))
            elif match["number"]:
                others.append(Number.of(match))
    return found, others


def _distance(name: re.Match[str], number: re.Match[str]) -> int:
    """The characters between a name and a number; a number before the name has to be right before it."""
    after = number.start() - name.end()
    return after if after >= 0 else 10 * (name.start() - number.end())


def _plain(text: str, names: Sequence[str]) -> str:
    """A text without the marks of Markdown, and without code that is not the name of a figure."""
    text = _LINK.sub(r"\1", _LIST.sub("", text)).replace("*", "")

    def kept(code: re.Match[str]) -> str:
        return code[1] if any(name in code[1] for name in names) else ""

    return " ".join(_CODE.sub(kept, text).split())
