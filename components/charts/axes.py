"""Axes of figures: ranges that hold all values, and ticks written as people write numbers: 1,000, 1, 0.01."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from backend.words import minus, short

Axis = dict[str, Any]
#: The most ticks, which fit even in a small figure.
_MOST_TICKS = 6
#: An axis without a value to show.
_EMPTY: Axis = {"range": [0, 1], "tickvals": [], "ticktext": []}


def tick(value: float) -> str:
    """A tick's number: 1,000, 0.01, and from a million on or below a ten-thousandth 10⁶, 2 × 10⁻⁵."""
    if value == 0 or 1e-4 <= abs(value) < 1e6:
        return minus(f"{value:,.10g}")
    return short(value, 1 if math.isclose(value, float(f"{value:.0e}")) else 2).removeprefix("1 × ")


def log_axis(values: Iterable[float]) -> Axis:
    """Options of a logarithmic axis that holds the positive ones of `values`; NaN and infinity are ignored.

    Over at least two decades the ticks are powers of ten; below that 1, 2 and 5 times those; and in a narrow range
    equal steps.
    """
    positive = [value for value in values if 0 < value < math.inf]
    if not positive:
        return {"type": "log", **_EMPTY}
    low, high = min(positive) / 1.06, max(positive) * 1.06
    ticks = [10.0**power for power in _powers(10, low, high)]
    if high / low < 99:
        first = math.floor(math.log10(low))
        ladder = [step * 10.0**power for power in range(first, first + 4) for step in (1, 2, 5)]
        ticks = [each for each in ladder if low <= each <= high]
    return {
        "type": "log",
        "range": [math.log10(low), math.log10(high)],
        **_ticks(ticks if len(ticks) > 2 else _steps(low, high)),
    }


def ratio_axis(values: Iterable[float]) -> Axis:
    """Options of a logarithmic axis of ratios that holds the positive ones of `values` and 1, which always has a tick.

    The ticks are powers of two, over at least three decades powers of ten: 1/8, 1/4, 1/2, 1, 2. NaN and infinity are
    ignored.
    """
    positive = [1.0, *(value for value in values if 0 < value < math.inf)]
    low, high = min(positive) / 1.06, max(positive) * 1.06
    base = 10 if high / low >= 1000 else 2
    powers = _powers(base, low, high)
    if len(powers) < 2:  # nearly all are 1
        return log_axis([*positive, 0.9, 1.1])
    ticks = {"tickvals": [float(base) ** power for power in powers], "ticktext": [_ratio(base, p) for p in powers]}
    return {"type": "log", "range": [math.log10(low), math.log10(high)], **ticks}


def linear_axis(values: Iterable[float]) -> Axis:
    """Options of a linear axis from zero that holds `values`, none of them negative; NaN and infinity are ignored."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return {"type": "linear", **_EMPTY}
    top = 1.05 * max(finite) or 1.0
    return {"type": "linear", "range": [0, top], **_ticks(_steps(0, top))}


def padded_axis(values: Iterable[float], pad: float = 0.12) -> Axis:
    """Options of a linear axis with some room around `values`, a share of their range; NaN and infinity are ignored."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return {"type": "linear", **_EMPTY}
    low, high = min(finite), max(finite)
    if low == high and not pad:
        return {"type": "linear", "range": [low, low + (abs(low) or 1)], **_ticks([low])}
    room = pad * (high - low or max(abs(high), 1.0))
    low, high = low - room, high + room
    return {"type": "linear", "range": [low, high], **_ticks(_steps(low, high, 5))}


def place(axis: Axis, value: float) -> float:
    """Where `value` is on an axis of this module: 0 is its lower end and 1 its upper end."""
    low, high = map(float, axis["range"])
    return ((math.log10(value) if axis["type"] == "log" else value) - low) / (high - low)


def _ratio(base: int, power: int) -> str:
    """A tick of a ratio: 1/8, 2, 1,000, and from a million on or below a millionth 10⁶, 10⁻⁹."""
    if abs(power) * math.log10(base) >= 6:
        return tick(float(base) ** power)
    return f"{base**power:,}" if power >= 0 else f"1/{base**-power:,}"


def _ticks(values: list[float]) -> Axis:
    return {"tickvals": values, "ticktext": [tick(value) for value in values]}


def _steps(low: float, high: float, most: int = _MOST_TICKS) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten from `low` to `high`, at most `most`."""
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(m * power for m in (1, 2, 5, 10) if (high - low) / (m * power) < most)
    return [
        _without_roundoff(k * step) for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    ]


def _powers(base: int, low: float, high: float) -> list[int]:
    """The powers of a base from `low` to `high`; if there are many, every second, third, … one."""
    first, last = math.ceil(math.log(low, base) - 1e-9), math.floor(math.log(high, base) + 1e-9)
    step = max(1, math.ceil((last - first) / _MOST_TICKS))
    return [power for power in range(first, last + 1) if power % step == 0]


def _without_roundoff(value: float) -> float:
    """`value` without the last bits of a product: 0.3 and not 0.30000000000000004."""
    return float(f"{value:.10g}")
