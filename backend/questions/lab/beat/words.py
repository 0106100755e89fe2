"""How question 5 writes shares and intervals."""

from __future__ import annotations

import math

from backend.statistics.intervals import Interval
from backend.words import short


def percent(value: float) -> str:
    """A share as a signed percentage: "+3.4 %", "−12 %"; one below 0.0001 % is 0."""
    if math.isnan(value):
        return "unknown"
    if math.isinf(value):
        return "infinite"
    if abs(value) < 1e-6:
        return "0\u00a0%"
    return f"{'+' if value > 0 else '−'}{short(abs(100 * value))}\u00a0%"


def interval_text(interval: Interval | None) -> str:
    """An interval of shares: "−3 % to +2 %"."""
    return "none" if interval is None else f"{percent(interval.low)} to {percent(interval.high)}"
