"""How an answer (one option, several or a number) is written as an integer, also if the options change places.

If a question has one right option, the answer is the position of an option. If several may be chosen, it is the sum of
2**position over the chosen ones. If a question asks for a number, it is the position of the first option whose range
contains the number; the last option stands for all other numbers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Literal

#: What a question takes: one option, several options, or a number.
AnswerKind = Literal["one", "several", "number"]
#: The letters of options. Those of a question for a number have none, because nobody chooses among them.
LETTERS = "ABCDEF"
#: The option of a question for a number that stands for every number that no other option has.
OTHER_NUMBER = "Another number"
#: The largest number that can be answered, without its sign.
LARGEST_NUMBER = 1e12
#: The share by which a number may differ from an option without a tolerance.
EXACT = 1e-9
_NUMBER = r"-?(?:\d{1,13}(?:\.\d{1,12})?|\.\d{1,12})(?:[eE][-+]?\d{1,2})?"
_RANGE = re.compile(rf"(?P<middle>{_NUMBER})(?:\s*(?:±|\+-|\+/-)\s*(?P<within>{_NUMBER})\s*(?P<percent>%)?)?")


def range_of(text: str) -> tuple[float, float] | None:
    """The bounds of an option that is written “2 ± 0.1”, “2 ± 5 %” or “2”; None if the text is not of this form."""
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        return None
    middle, within = float(match["middle"]), float(match["within"] or 0)
    if match["percent"]:
        within *= abs(middle) / 100
    within = within or EXACT * max(abs(middle), 1.0)
    return (middle - within, middle + within) if within > 0 and abs(middle) <= LARGEST_NUMBER else None


def within(number: float, bounds: tuple[float, float]) -> bool:
    """Whether a number lies in a range. Its ends belong to it, also if round-off has moved them."""
    low, high = bounds
    slack = EXACT * max(abs(low), abs(high), 1e-12)
    return low - slack <= number <= high + slack


def is_number(number: float) -> bool:
    """Whether the number can be an answer."""
    return math.isfinite(number) and abs(number) <= LARGEST_NUMBER


def names(kind: AnswerKind, texts: Sequence[str]) -> tuple[str, ...]:
    """What sentences and tables call the options: letters, or the texts of a question for a number, which has none."""
    return tuple(texts) if kind == "number" else tuple(LETTERS[: len(texts)])


def mask_of(positions: Sequence[int]) -> int:
    """The answer that chooses several options."""
    return sum(1 << position for position in set(positions))


def positions_of(mask: int) -> tuple[int, ...]:
    """The positions that an answer of `mask_of` chooses."""
    return tuple(i for i in range(mask.bit_length()) if mask >> i & 1)


def moved(kind: AnswerKind, answer: int, to: Sequence[int]) -> int:
    """The same answer after each option i has moved to the position `to[i]`."""
    if kind == "several":
        return mask_of([to[i] for i in positions_of(answer) if i < len(to)])
    return to[answer] if 0 <= answer < len(to) else answer
