"""Compares the losses of each task in both styles. Both styles compute them by the same function."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backend.experiment import Experiment
from backend.experiment.losses import LOSSES
from backend.statistics.intervals import interval, least_explained
from backend.training.constant import baselines
from backend.training.loss_ratio import shares_of_sides
from backend.training.result import SIDES, Epoch, Losses, Side

#: Losses that differ by at most this share in every epoch count as equal.
SAME = 0.005
#: Losses that differ by at most this share differ by round-off.
_ROUND_OFF = 1e-6
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
    after the last epoch. `lower` is the share of all epochs in which that side's loss was lower. `difference` is the
    largest difference in any epoch, as a share of the larger loss.
    `weighted` says for each side whether its total loss contains this loss. `gain` holds for each seed the lower end of
    the interval of the share of the variance that the side explains at the end, beside predictions without a network
    (`Baseline.least`). It is 0 if nothing was clearly learned. `fell` says whether the loss was lower
    at the end than after the first epoch (in the median of the seeds).
    """

    head: str
    averages: tuple[float, ...]
    end: float
    lower: dict[Side, float]
    difference: float
    weighted: dict[Side, bool]
    gain: dict[Side, tuple[float, ...]]
    fell: dict[Side, bool]

    @property
    def average(self) -> float:
        """The median of `averages`."""
        return float(np.median(self.averages))

    @property
    def compared(self) -> bool:
        """Whether both sides train this task."""
        return all(self.weighted.values())

    def learned(self, side: Side) -> bool:
        """Whether that side trained on this loss, lowered it, and ended clearly better than without a network."""
        return self.weighted[side] and self.fell[side] and float(np.median(self.gain[side])) > 0

    def is_like_a_guess(self, side: Side) -> bool:
        """Whether that side ended, in every seed, not clearly better than without a network.

        It means something only if the losses are comparable (`backend.training.constant.comparable`).
        """
        return max(self.gain[side]) == 0

    @property
    def winner(self) -> Winner:
        """The side whose loss was lower on average over the epochs, and at the end as well.

        In a single run it also has to be lower in three quarters of the epochs. Several seeds have to agree: their
        interval excludes 1, or if they are too few for an interval, all are on one side.
        """
        if self.difference <= SAME:
            return "same"
        within = interval(self.averages)
        low, high = (within.low, within.high) if within else (min(self.averages), max(self.averages))
        mostly = [side for side in SIDES if len(self.averages) > 1 or self.lower[side] >= _AHEAD]
        if high < 1 - SAME and self.end < 1 - SAME and "right" in mostly:
            return "right"
        return "left" if low > 1 + SAME and self.end > 1 + SAME and "left" in mostly else "unclear"


def compared_loss(experiment: Experiment) -> str:
    """What the losses are called that pages compare (`Losses.compared_total`)."""
    return "validation loss" if experiment.parts[1] else "training loss"


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
    known = baselines(experiment)
    shares = shares_of_sides(experiment)
    train, validating = experiment.parts
    rows = [[epoch for epoch in epochs if epoch.seed == seed] for seed in seeds]
    comparisons = []
    for i, head in enumerate(experiment.architecture.heads):
        both: dict[Side, np.ndarray] = {
            side: np.array([[getattr(epoch, side).compared(head.name) for epoch in row] for row in rows]) + _SMALLEST
            for side in SIDES
        }
        ratios = np.log(both["right"] / both["left"])
        comparisons.append(
            Comparison(
                head.name,
                tuple(np.exp(ratios.mean(axis=1)).tolist()),
                float(np.exp(np.median(ratios[:, -1]))),
                {"left": float((ratios > _ROUND_OFF).mean()), "right": float((ratios < -_ROUND_OFF).mean())},
                float(-np.expm1(-np.abs(ratios).max())),
                weighted={side: share[i] > 0 for side, share in zip(SIDES, shares, strict=True)},
                gain={
                    side: tuple(
                        least_explained(LOSSES[head.loss].explained(end, known[head.name].least), validating or train)
                        for end in both[side][:, -1].tolist()
                    )
                    for side in SIDES
                },
                fell={side: bool(np.median(both[side][:, -1] / both[side][:, 0]) < 1 - SAME) for side in SIDES},
            )
        )
    return comparisons
