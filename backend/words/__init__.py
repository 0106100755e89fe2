"""Numbers, lists and durations as people read them: 0.0074, 3.0 × 10⁻⁸, "a, b and c", "about 2 minutes"."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable

import humanize

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def short(value: float, digits: int = 2) -> str:
    """`value` with `digits` significant digits and a true minus; powers of ten below 0.001 and from 100,000 on."""
    if not math.isfinite(value):
        return "NaN or infinite"
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e5:
        rounded = float(f"{value:.{digits}g}")
        return minus(f"{rounded:,.0f}" if abs(rounded) >= 10 ** (digits - 1) else f"{rounded:g}")
    mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
    return f"{minus(mantissa)} × 10{str(int(power)).translate(_RAISED)}"


def ratio_words(ratio: float, digits: int = 3) -> str:
    """A ratio with `digits` significant digits, or with as many as tell it from 1."""
    return next((text for more in range(digits, 9) if (text := short(ratio, more)) != "1"), "1")


def fixed(value: float, digits: int) -> str:
    """`value` with `digits` digits after the point; NaN, infinity and large numbers as `short` writes them."""
    return minus(f"{value:z.{digits}f}") if abs(value) < 1e5 else short(value, digits)


def minus(number: str) -> str:
    """The text of a number with a minus sign (−) in place of the hyphen that Python writes."""
    return number.replace("-", "−")


def listed(words: Iterable[object]) -> str:
    """The words in a sentence: "a", "a and b", "a, b and c"; empty for none."""
    items = [str(word) for word in words]
    return humanize.natural_list(items) if items else ""


def shortened(words: Iterable[object], most: int) -> str:
    """The first `most` words, with an ellipsis for the others: "a, b, c, d, …"."""
    items = [str(word) for word in words]
    return ", ".join(items[:most]) + (", …" if len(items) > most else "")


def counted(number: int, word: str) -> str:
    """A number of things, with a plural in -s: "1 step", "1,280 steps"."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def days(number: float) -> str:
    """A number of days: "1 day", "2.5 days"."""
    return f"{number:g} day{'' if number == 1 else 's'}"


def about(seconds: float) -> str:
    """A duration that is only estimated, in words: "about 3 seconds", "about 2 minutes"."""
    return f"about {humanize.naturaldelta(max(round(seconds), 1))}"


def ago(moment: float) -> str:
    """How long ago `moment` was: "just now", "16 minutes ago". `moment` is in seconds since the epoch."""
    seconds = time.time() - moment
    return "just now" if seconds < 60 else f"{humanize.naturaldelta(seconds)} ago"
