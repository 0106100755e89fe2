"""Paired readings: the interval of their median, and the verdict that follows from it.

This is the only implementation: every interval on a page comes from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, comb, nextafter, sqrt, tanh
from statistics import NormalDist
from typing import Literal

import numpy as np

#: The least confidence of an interval of ratios. It is high because several intervals are read side by side.
CONFIDENCE = 0.99

#: The fewest pairs that have an interval of that confidence.
FEWEST_PAIRS = 8

Difference = Literal["slower", "faster", "within noise"]


@dataclass(frozen=True)
class Interval:
    """An interval that contains the true median with probability `confidence`.

    It lies between two of the sorted values; `omitted` of them are below it, and as many above.
    """

    low: float
    high: float
    confidence: float
    omitted: int


@dataclass(frozen=True)
class Ratio:
    """The median of ratios taken pair by pair, and the interval that contains the true median.

    With too few pairs there is no interval and the verdict is "within noise".
    """

    median: float
    low: float | None
    high: float | None

    @property
    def decided(self) -> bool:
        """Whether the interval excludes 1."""
        return self.low is not None and self.high is not None and not self.low <= 1 <= self.high

    @property
    def verdict(self) -> Difference:
        """How the numerator's time compares with the denominator's."""
        if not self.decided:
            return "within noise"
        return "slower" if self.low is not None and self.low > 1 else "faster"


def interval(values: Sequence[float], confidence: float = CONFIDENCE) -> Interval | None:
    """The narrowest interval between two of the sorted `values` with that confidence; None with too few values.

    It is the interval of the sign test and assumes no distribution: a value lies below the median as often as above
    it, so the number of values below the median is binomial.
    """
    ordered, n = sorted(values), len(values)
    outside, omitted = 0.0, -1
    while omitted + 1 < n:
        more = outside + 2 * comb(n, omitted + 1) / 2**n
        if more > 1 - confidence:
            break
        outside, omitted = more, omitted + 1
    return None if omitted < 0 else Interval(ordered[omitted], ordered[n - 1 - omitted], 1 - outside, omitted)


def share_interval(passed: int, runs: int) -> tuple[float, float]:
    """The interval of a probability, from `passed` successes in `runs` trials, at least one (Wilson 1927, JASA 22)."""
    z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
    share, spread = passed / runs, z * z / runs
    middle = share + spread / 2
    half = z * sqrt(share * (1 - share) / runs + spread / runs / 4)
    return max((middle - half) / (1 + spread), 0.0), min((middle + half) / (1 + spread), 1.0)


def least_explained(share: float, count: int, confidence: float = CONFIDENCE) -> float:
    """The lower end of the interval of an explained share of variance, measured on `count` sequences; at least 0.

    The share is the square of a correlation, whose interval is that of Fisher (1921, Metron 1:3). Predictions that have
    nothing to do with their targets explain a share, too, by chance. It is 0 for them with that confidence. Sequences
    count as independent. Windows of a recording overlap, so their interval should be wider.
    """
    if share <= 0 or count <= 3:
        return 0.0
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    correlation = sqrt(min(share, nextafter(1.0, 0.0)))
    return max(tanh(atanh(correlation) - z / sqrt(count - 3)), 0.0) ** 2


def paired_ratio(above: Sequence[float], below: Sequence[float]) -> Ratio | None:
    """The median of the ratios of two lists of times, and its interval; None without readings.

    Readings are paired in the order in which they were taken: a disturbance that lasts longer than a pair affects both
    of its readings, and a shorter one spoils one pair of many. Raises ValueError if the lists differ in length.
    """
    ratios = [a / b for a, b in zip(above, below, strict=True)]
    if not ratios:
        return None
    bounds = interval(ratios)
    return Ratio(float(np.median(ratios)), bounds.low if bounds else None, bounds.high if bounds else None)


def controlled_ratio(above: Sequence[float], below: Sequence[float], control: Sequence[float]) -> Ratio | None:
    """`paired_ratio` of `above` and `below`, with an interval that also covers that of `above` and `control`.

    The control is the denominator's network, compiled once more. Two compiled models of one network can differ
    permanently by a few percent, because they lie elsewhere in memory. A difference from only one of them is chance.
    """
    ratio, to_control = paired_ratio(above, below), paired_ratio(above, control)
    if ratio is None or to_control is None:
        return None
    if ratio.low is None or ratio.high is None or to_control.low is None or to_control.high is None:
        return Ratio(ratio.median, None, None)
    return Ratio(ratio.median, min(ratio.low, to_control.low), max(ratio.high, to_control.high))
