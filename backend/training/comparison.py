"""Compares the losses of each task in both styles. Both styles compute them by the same function."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backend.experiment import Experiment
from backend.statistics.intervals import interval
from backend.training.constant import baselines
from backend.training.loss_ratio import shares_of_sides
from backend.training.result import SIDES, Epoch, Losses, Side

#: Losses that differ by at most this share in every epoch count as equal.
SAME = 0.005
#: Losses or predictions that differ by at most this share of what training changed count as trained alike.
ALIKE = 0.03
#: Stands for a loss of 0 in a ratio.
_SMALLEST = float(np.finfo(np.float32).tiny)
#: In a single run, a style was ahead if its loss was lower in at least this share of the epochs, and also on average
#: and at the end.
_AHEAD = 0.75

Winner = Literal["left", "right", "same", "unclear"]


@dataclass(frozen=True)
class Comparison:
    """The right style's loss of one task divided by the left one's, over the seeds that ended.

    `averages` holds a number for each seed, the geometric mean over its epochs. `end` is the median over the seeds
    after the last epoch. `lower` is the share of all epochs in which the right loss was lower. `difference` is the
    largest difference in any epoch, as a share of the larger loss. `gain` is how far each side's loss ended below
    that of its baseline (`baselines`), as a share of it: a number for each seed, not above 0 if nothing was learned.
    `learned` says for each side whether its total loss contains this loss, which fell from the
    first to the last epoch and ended below its baseline (in the median of the seeds).
    """

    head: str
    averages: tuple[float, ...]
    end: float
    lower: float
    difference: float
    gain: dict[Side, tuple[float, ...]]
    learned: dict[Side, bool]

    @property
    def average(self) -> float:
        """The median of `averages`."""
        return float(np.median(self.averages))

    @property
    def informative(self) -> bool:
        """Whether agreement shows anything: the difference is small beside what both sides have learned."""
        return self.difference <= ALIKE * min(float(np.median(of_side)) for of_side in self.gain.values())

    def beats_baseline(self, side: Side) -> bool:
        """Whether the loss of that side ended below its baseline, in the median of the seeds."""
        return float(np.median(self.gain[side])) > SAME

    def is_like_constant(self, side: Side) -> bool:
        """Whether the loss of that side ended, in every seed, no lower than that of its baseline.

        It means something only if the losses are comparable (`backend.training.constant.comparable`).
        """
        return max(self.gain[side]) <= SAME

    @property
    def winner(self) -> Winner:
        """The side whose loss was lower on average over the epochs, and at the end as well.

        In a single run it also has to be lower in three quarters of the epochs. Several seeds have to agree: their
        interval excludes 1, or if they are too few for an interval, all are on one side.
        """
        if self.difference <= SAME:
            return "same"
        if len(self.averages) == 1 and 1 - _AHEAD < self.lower < _AHEAD:
            return "unclear"
        within = interval(self.averages)
        low, high = (within.low, within.high) if within else (min(self.averages), max(self.averages))
        if high < 1 - SAME and self.end < 1 - SAME:
            return "right"
        return "left" if low > 1 + SAME and self.end > 1 + SAME else "unclear"


def ended_seeds(experiment: Experiment, epochs: Iterable[Epoch]) -> list[int]:
    """The seeds that reached the last epoch with finite losses, in order."""
    return [
        epoch.seed
        for epoch in epochs
        if epoch.epoch == experiment.training.epochs and _is_finite(epoch.left) and _is_finite(epoch.right)
    ]


def _is_finite(losses: Losses) -> bool:
    return all(map(math.isfinite, (losses.total, *losses.heads.values(), *losses.val_heads.values())))


def compare(experiment: Experiment, epochs: Sequence[Epoch]) -> list[Comparison]:
    """The comparison of each task, by its validation loss if there is one, over the seeds that ended.

    Empty if none has ended.
    """
    seeds = ended_seeds(experiment, epochs)
    if not seeds:
        return []
    baseline = baselines(experiment)
    shares = shares_of_sides(experiment)
    rows = [[epoch for epoch in epochs if epoch.seed == seed] for seed in seeds]
    comparisons = []
    for i, head in enumerate(head.name for head in experiment.architecture.heads):
        left, right = (
            np.array([[_loss(getattr(epoch, side), head) for epoch in row] for row in rows]) + _SMALLEST
            for side in SIDES
        )
        ratios = np.log(right / left)
        gain = {
            side: 1 - losses[:, -1] / max(baseline[head].loss, _SMALLEST)
            for side, losses in zip(SIDES, (left, right), strict=True)
        }
        comparisons.append(
            Comparison(
                head,
                tuple(np.exp(ratios.mean(axis=1)).tolist()),
                float(np.exp(np.median(ratios[:, -1]))),
                float((ratios < 0).mean()),
                float(-np.expm1(-np.abs(ratios).max())),
                {side: tuple(gain[side].tolist()) for side in SIDES},
                {
                    side: share[i] > 0 and _has_fallen(losses) and float(np.median(gain[side])) > SAME
                    for side, share, losses in zip(SIDES, shares, (left, right), strict=True)
                },
            )
        )
    return comparisons


def _loss(losses: Losses, head: str) -> float:
    return losses.val_heads.get(head, losses.heads[head])


def _has_fallen(losses: np.ndarray) -> bool:
    return bool(np.median(losses[:, -1] / losses[:, 0]) < 1)
