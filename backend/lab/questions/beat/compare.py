"""What is compared in question 5: how rates and weights are tuned, the differences seed by seed, and their intervals.

Rates and weights are tuned on seeds of their own, so chance on the test seeds does not choose the best of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from backend.lab.questions.beat.evidence import Entry, Evidence, Losses
from backend.statistics import Interval, interval

#: The probability that the intervals of all methods contain their true medians. Each may miss its own with an equal
#: share of the rest (Bonferroni).
CONFIDENCE = 0.95
#: A difference within this is too small to matter.
MARGIN = 0.05
#: Points on each piece of the front of the fixed weights.
_POINTS = 16

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
        """What the interval says. "not better" is: not by more than `MARGIN`, and it may be worse."""
        found = self.interval
        if found is None or np.isnan([found.low, found.high]).any():
            return "cannot tell"
        if found.high < 0:
            return "better"
        if found.low > 0:
            return "worse"
        if found.low < -MARGIN:
            return "cannot tell"
        return "no difference" if found.high <= MARGIN else "not better"


def score(losses: Sequence[Losses]) -> float:
    """The mean logarithm of all losses over seeds and heads; infinite where one is NaN, infinite or not positive.

    It has no unit: a head counts as much as another, whatever the scale of its loss.
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
    """The relative change of each loss against `other` on the same seed, (seeds, heads).

    Infinite where only the loss of `entry` is NaN or infinite. NaN where that of `other` is, or is 0.
    """
    ours, theirs = (np.array(each.tested, float) for each in (entry, other))
    with np.errstate(all="ignore"):
        ratio = np.where(np.isfinite(ours), ours, np.inf) / theirs
    return np.asarray(np.where(np.isfinite(theirs) & (theirs > 0), ratio, np.nan) - 1)


def delta_m(changed: np.ndarray) -> np.ndarray:
    """The geometric mean over the heads of the ratios of losses, minus 1, for each seed: negative is better."""
    with np.errstate(all="ignore"):
        means = np.expm1(np.log1p(changed).mean(axis=1))
    # A loss of 0 beside one that became infinite is no tie.
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
    """Those of all methods."""
    return tuple(difference(evidence, entry) for entry in evidence.methods)


def equal_weights(evidence: Evidence) -> Entry | None:
    """The entry with equal weights, the plain sum; None where the sweep has none."""
    return next((each for each in evidence.fixed if np.ptp(each.weights) < 1e-9), None)


def beyond(evidence: Evidence, entry: Entry) -> tuple[float, Interval | None]:
    """How far the entry is from the front of the fixed weights of two heads: the median over the seeds, its interval.

    The front of a seed joins the tested losses of those fixed weights that no others beat on both losses in tuning,
    by lines on logarithmic axes. A distance of 0.1 is: a point of the front has both losses lower, the entry's are at
    least 10 % higher. -0.1 is: no point is so, and both losses of the entry are 10 % lower than those of a point.
    It is 0 where the entry is beyond an end of the front: lower in one loss, not in the other.
    """
    with np.errstate(all="ignore"):
        rows = [np.log(np.array(each.tested, float)) for each in vertices(evidence)]
        ours = np.log(np.array(entry.tested, float))
        found = np.array([_distance(ours[i], np.array([row[i] for row in rows])) for i in range(len(ours))])
    return median(found), _interval(evidence, found)


def side(evidence: Evidence, entry: Entry) -> Side:
    """Whether the entry is "beyond" the front of the fixed weights or "behind" it; else "cannot tell"."""
    _, found = beyond(evidence, entry)
    if found is None:
        return "cannot tell"
    return "beyond" if found.high < 0 else "behind" if found.low > 0 else "cannot tell"


def vertices(evidence: Evidence) -> list[Entry]:
    """The fixed weights that no others beat on both losses, on the tuning seeds; the tuned ones are among them."""
    with np.errstate(all="ignore"):
        means = [np.log(np.array(each.tuned[best_rate(each.tuned)], float)).mean(axis=0) for each in evidence.fixed]
    kept = [
        entry
        for entry, mean in zip(evidence.fixed, means, strict=True)
        if np.isfinite(mean).all() and not any((other < mean).all() for other in means)
    ]
    return kept or [reference(evidence)]


def _distance(ours: np.ndarray, front: np.ndarray) -> float:
    """The distance of a point from a front, as a relative change of both losses; logarithms of losses, (2,) (n, 2)."""
    front = front[np.isfinite(front).all(axis=1)]
    if not len(front):
        return float("nan")
    if np.isnan(ours).any():
        return float("inf")
    share = np.linspace(0, 1, _POINTS)[:, None]
    lines = [(1 - share) * start + share * end for start, end in pairwise(front)]
    points = np.concatenate([front, *lines])
    behind = float((ours - points).min(axis=1).max())  # the point by which both losses are most exceeded
    ahead = float((points - ours).min(axis=1).max())
    return float(np.expm1(behind)) if behind > 0 else float(np.expm1(-max(ahead, 0.0)))


def confidence(evidence: Evidence) -> float:
    """The confidence of each interval."""
    return 1 - (1 - CONFIDENCE) / len(evidence.methods)


def _interval(evidence: Evidence, values: np.ndarray) -> Interval | None:
    """None where a value is NaN: the seed compares nothing."""
    return None if np.isnan(values).any() else interval(values.tolist(), confidence(evidence))


def median(values: Sequence[float] | np.ndarray) -> float:
    """The median; NaN where a value is NaN."""
    return float(np.median(values)) if not np.isnan(values).any() else float("nan")
