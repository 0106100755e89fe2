"""What the words and pictures of several questions have in common."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from backend.statistics.intervals import Interval, interval
from backend.words import minus, short

#: What the marks of a row are, and what ρ means.
MARKS = "Each dot is one seed. The bar shows where the median may lie."
RHO = "ρ says how related the tasks are: 0 not at all, 1 the same task."
#: A difference within this is too small to matter.
MARGIN = 0.05
CANNOT_TELL = " These runs cannot tell which answer is right."


def percent(value: float) -> str:
    """A relative change with its sign: "+3.4 %", "−12 %"; one below 0.0001 % is 0."""
    if not math.isfinite(value):
        return "NaN or infinite"
    if abs(value) < 1e-6:
        return "0\u00a0%"
    return f"{'+' if value > 0 else '−'}{short(abs(100 * value))}\u00a0%"


def with_interval(median: float, bounds: Interval | None) -> str:
    """A relative change with its interval: "−12 % (−15 % to −3 %)"."""
    return f"{percent(median)} ({percent(bounds.low)} to {percent(bounds.high)})" if bounds else percent(median)


def median(values: Sequence[float] | np.ndarray) -> float:
    """The median; NaN if a value is NaN."""
    return float("nan") if np.isnan(values).any() else float(np.median(values))


def finite_interval(values: Sequence[float]) -> Interval | None:
    """The interval of the median; None if a value is NaN or infinite."""
    return interval(values) if np.isfinite(values).all() else None


def ends(bounds: Interval | None) -> tuple[float, float] | tuple[None, None]:
    """The ends of an interval, for a row of a picture."""
    return (bounds.low, bounds.high) if bounds else (None, None)


def rho(value: float) -> str:
    """ρ as a page has it."""
    return f"ρ = {minus(f'{value:g}')}"


def capital(text: str) -> str:
    """The text with a capital letter at its beginning."""
    return text[0].upper() + text[1:]


def shortened(names: Sequence[str]) -> list[str]:
    """The names, long ones cut; all in full if two of them would become equal."""
    cut = [name if len(name) <= 12 else name[:11] + "…" for name in names]
    return cut if len({*cut}) == len(cut) else [*names]
