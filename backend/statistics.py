"""Paired readings: the interval of their median, and what it decides.

One implementation for the Speed page, for claim 10 and for the topologies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from typing import Literal

import numpy as np

#: The least chance that the interval of a ratio holds the true median. High, because several are read side by side.
CONFIDENCE = 0.99

#: The fewest pairs with which an interval of that confidence exists.
FEWEST_PAIRS = 8

Difference = Literal["slower", "faster", "within noise"]


@dataclass(frozen=True)
class Interval:
    """It holds the true median with the chance `confidence`."""

    low: float
    high: float
    confidence: float


@dataclass(frozen=True)
class Ratio:
    """A median of ratios taken pair by pair, and the interval that holds the true one.

    Without enough pairs there is no interval, and nothing is decided.
    """

    median: float
    low: float | None
    high: float | None

    @property
    def decided(self) -> bool:
        """Whether the interval leaves 1 out."""
        return self.low is not None and self.high is not None and not self.low <= 1 <= self.high

    @property
    def verdict(self) -> Difference:
        """What the numerator's time is beside the denominator's."""
        if not self.decided:
            return "within noise"
        return "slower" if self.low is not None and self.low > 1 else "faster"


def interval(values: Sequence[float], confidence: float = CONFIDENCE) -> Interval | None:
    """The narrowest pair of `values` that holds the true median with `confidence`; None of too few values.

    It supposes nothing about how they scatter: a value falls below the median as often as above, so the count below
    it is binomial (the interval of the sign test).
    """
    ordered, n = sorted(values), len(values)
    outside, skipped = 0.0, -1
    while skipped + 1 < n:
        more = outside + 2 * comb(n, skipped + 1) / 2**n
        if more > 1 - confidence:
            break
        outside, skipped = more, skipped + 1
    return None if skipped < 0 else Interval(ordered[skipped], ordered[n - 1 - skipped], 1 - outside)


def paired_ratio(above: Sequence[float], below: Sequence[float]) -> Ratio | None:
    """The first time over the second, from readings that were taken side by side; None without readings.

    A disturbance that lasts longer than a pair falls on both, and one that is shorter spoils one pair of many.
    """
    ratios = [a / b for a, b in zip(above, below, strict=True)]
    if not ratios:
        return None
    found = interval(ratios)
    return Ratio(float(np.median(ratios)), found.low if found else None, found.high if found else None)


def controlled(found: Ratio, other: Ratio) -> Ratio:
    """`found` with an interval that also holds `other`: the same numerator over a control of the denominator.

    The control is the denominator's network compiled once more. Two compiled models of one network can differ for good
    by some percent, by where they lie in memory, so what one of the two decides alone is luck.
    """
    if found.low is None or found.high is None or other.low is None or other.high is None:
        return Ratio(found.median, None, None)
    return Ratio(found.median, min(found.low, other.low), max(found.high, other.high))
