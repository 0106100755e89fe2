"""What the words and pictures of several questions have in common."""

from __future__ import annotations

import math
from collections.abc import Sequence

from backend.words import minus, short

#: What the marks of a row are, and what ρ means.
MARKS = "Each dot is one seed. The bar shows where the median may lie."
RHO = "ρ says how related the tasks are: 0 not at all, 1 the same task."
#: The column of a table with the figures of a row.
MEDIAN = "median (its interval)"
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


def rho(value: float) -> str:
    """ρ as a page has it."""
    return f"ρ = {minus(f'{value:g}')}"


def shortened(names: Sequence[str]) -> list[str]:
    """The names, long ones cut; all in full if two of them would become equal."""
    cut = [name if len(name) <= 12 else name[:11] + "…" for name in names]
    return cut if len({*cut}) == len(cut) else [*names]
