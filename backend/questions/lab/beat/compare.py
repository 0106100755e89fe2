"""What is compared in question 5: how rates and weights are tuned, the differences seed by seed, and their intervals.

Rates and weights are tuned on seeds of their own, so chance on the test seeds does not choose the best of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backend.questions.lab.beat.evidence import Entry, Evidence, Losses
from backend.statistics.intervals import Interval, interval

#: The least probability that the intervals of all methods contain their true medians. The rest, the probability to miss
#: one, is divided equally among the intervals (Bonferroni).
CONFIDENCE = 0.95
#: A difference within this is too small to matter.
MARGIN = 0.05

Side = Literal["beyond", "behind", "cannot tell"]
Outcome = Literal["better", "worse", "no difference", "not better", "cannot tell"]


@dataclass(frozen=True)
class Difference:
    """Δm of a method against the tuned fixed weights: for each test seed, the median, and the interval of the median.

    `heads` are the median relative changes of the loss of each head. All are shares: -0.1 is 10 % lower.
    """

    entry: Entry
    seeds: tuple[float, ...]
    median: float
    interval: Interval | None
    heads: tuple[float, ...]

    @property
    def outcome(self) -> Outcome:
        """What the interval says. "not better" means that the method is better by at most `MARGIN`, or worse."""
        bounds = self.interval
        if bounds is None or np.isnan([bounds.low, bounds.high]).any():
            return "cannot tell"
        if bounds.high < 0:
            return "better"
        if bounds.low > 0:
            return "worse"
        if bounds.low < -MARGIN:
            return "cannot tell"
        return "no difference" if bounds.high <= MARGIN else "not better"


def score(losses: Sequence[Losses]) -> float:
    """The mean logarithm of all losses over seeds and heads; infinite if one is NaN, infinite or not positive.

    It has no unit: every head counts the same, whatever the scale of its loss.
    """
    values = np.array(losses, float)
    fine = values.size > 0 and bool(np.isfinite(values).all()) and bool((values > 0).all())
    return float(np.log(values).mean()) if fine else float("inf")


def best_rate(tuned: Sequence[Sequence[Losses]]) -> int:
    """The position of the rate with the least score on the tuning seeds; the first of equals."""
    return int(np.argmin([score(losses) for losses in tuned]))


def reference(evidence: Evidence) -> Entry:
    """The tuned fixed weights: those with the least score on the tuning seeds, at their best rate."""
    return min(evidence.fixed, key=_tuning_score)


def _tuning_score(entry: Entry) -> float:
    return min(score(losses) for losses in entry.tuned)


def changes(entry: Entry, other: Entry) -> np.ndarray:
    """The relative change of each loss against `other` on the same seed, (seeds, heads)."""
    return relative(np.array(entry.tested, float), np.array(other.tested, float))


def relative(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """The relative change of each loss against `theirs`, (seeds, heads).

    Infinite if only our loss is NaN or infinite. NaN if theirs is, or if theirs is 0.
    """
    with np.errstate(all="ignore"):
        ratio = np.where(np.isfinite(ours), ours, np.inf) / theirs
    return np.asarray(np.where(np.isfinite(theirs) & (theirs > 0), ratio, np.nan) - 1)


def delta_m(changed: np.ndarray) -> np.ndarray:
    """The geometric mean over the heads of the ratios of losses, minus 1, for each seed: negative is better."""
    with np.errstate(all="ignore"):
        means = np.expm1(np.log1p(changed).mean(axis=1))
    # A loss of 0 beside an infinite one would give NaN. The infinite one decides.
    return np.where(np.isposinf(changed).any(axis=1) & ~np.isnan(changed).any(axis=1), np.inf, means)


def difference(evidence: Evidence, entry: Entry) -> Difference:
    """Δm of the entry against the tuned fixed weights."""
    changed = changes(entry, reference(evidence))
    each = delta_m(changed)
    return Difference(
        entry=entry,
        seeds=tuple(each.tolist()),
        median=median(each),
        interval=_interval(evidence, each),
        heads=tuple(median(column) for column in changed.T),
    )


def differences(evidence: Evidence) -> tuple[Difference, ...]:
    """The difference of each method."""
    return tuple(difference(evidence, entry) for entry in evidence.methods)


def equal_weights(evidence: Evidence) -> Entry | None:
    """The entry with equal weights, the plain sum; None if the sweep has none."""
    return next((each for each in evidence.fixed if np.ptp(each.weights) < 1e-9), None)


def side(evidence: Evidence, entry: Entry) -> Side:
    """Whether the entry is "beyond" the front of the fixed weights of two heads or "behind" it; else "cannot tell".

    Beyond: both its losses are lower than those of one weighting of the front, and against each other weighting at
    least one is. Behind: both are higher than those of one weighting. The intervals have to show it. The one weighting
    is chosen on the tuning seeds. On the test seeds, noise would choose it, because three of four directions lead away
    from a corner of the front.
    """
    front = vertices(evidence)
    with np.errstate(all="ignore"):
        # By how much the entry is lower, in logarithms.
        lower = np.array([_tuned(each) - _tuned(entry) for each in front])
    lower = np.nan_to_num(lower, nan=-np.inf)
    ahead, behind = front[int(np.argmax(lower.min(axis=1)))], front[int(np.argmin(lower.max(axis=1)))]
    if all(_below_zero(evidence, entry, ahead)) and all(any(_below_zero(evidence, entry, each)) for each in front):
        return "beyond"
    return "behind" if all(_below_zero(evidence, entry, behind, sign=-1)) else "cannot tell"


def _below_zero(evidence: Evidence, entry: Entry, other: Entry, sign: int = 1) -> list[bool]:
    """For each head, whether the interval of the change of its loss, times `sign`, lies below 0."""
    intervals = [_interval(evidence, sign * column) for column in changes(entry, other).T]
    return [each is not None and each.high < 0 for each in intervals]


def _tuned(entry: Entry) -> np.ndarray:
    """The mean logarithm of each head's loss over the tuning seeds, at the best rate."""
    with np.errstate(all="ignore"):
        return np.asarray(np.log(np.array(entry.tuned[best_rate(entry.tuned)], float)).mean(axis=0))


def vertices(evidence: Evidence) -> list[Entry]:
    """The fixed weights that no others beat on both losses on the tuning seeds. The tuned ones are among them."""
    means = [_tuned(each) for each in evidence.fixed]
    front = [
        entry
        for entry, mean in zip(evidence.fixed, means, strict=True)
        if np.isfinite(mean).all() and not any((other < mean).all() for other in means)
    ]
    return front or [reference(evidence)]


def confidence(evidence: Evidence) -> float:
    """The confidence of each interval."""
    return 1 - (1 - CONFIDENCE) / len(evidence.methods)


def _interval(evidence: Evidence, values: np.ndarray) -> Interval | None:
    """The interval of the median; None if a value is NaN, because that seed compares nothing."""
    return None if np.isnan(values).any() else interval(values.tolist(), confidence(evidence))


def median(values: Sequence[float] | np.ndarray) -> float:
    """The median; NaN if a value is NaN."""
    return float(np.median(values)) if not np.isnan(values).any() else float("nan")
