"""Which total loss ends lower, and whether that means anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backend.experiment import Experiment
from backend.experiment.sides import side_keys, side_titles
from backend.statistics.intervals import CONFIDENCE, interval
from backend.training.comparison import SAME, compared_loss, ended_seeds
from backend.training.loss_ratio import comparability
from backend.training.result import Epoch
from backend.words import short

Lower = Literal["left", "right", "equal"]


@dataclass(frozen=True)
class LowerTotal:
    """The side whose total loss is lower after the last epoch, and what that means, in words."""

    lower: Lower
    words: str


def lower_total(experiment: Experiment, epochs: Sequence[Epoch]) -> LowerTotal | None:
    """Compare the totals after the last epoch, the medians over the seeds that ended; None if none has ended.

    Totals that differ by at most 0.5% are equal.
    """
    seeds = ended_seeds(experiment, epochs)
    if not seeds:
        return None
    last = [epoch for epoch in epochs if epoch.epoch == experiment.training.epochs and epoch.seed in seeds]
    left = float(np.median([epoch.left.compared_total for epoch in last]))
    right = float(np.median([epoch.right.compared_total for epoch in last]))
    titles = side_titles(*side_keys(experiment))
    median = f" (medians of {len(seeds)} seeds)" if len(seeds) > 1 else ""
    figures = f"{titles[0]} {short(left, 3)}, {titles[1]} {short(right, 3)}{median}"
    lower: Lower = "left" if left < right else "right"
    if abs(left - right) <= SAME * max(left, right):
        lower = "equal"
    total = f"total {compared_loss(experiment)}"
    first = f"{titles[lower == 'right']} has the lower {total}"
    if lower == "equal":
        first = f"The {total}es are equal within 0.5%"
    return LowerTotal(lower, f"{first}: {figures}. {comparability(experiment)}")


def at_the_end(experiment: Experiment, epochs: Sequence[Epoch]) -> str:
    """The ratio of two settings' total losses at the end, over the seeds that ended, and how many are below 1.

    It is a sentence, empty before a seed has ended. The exported script prints the same figures.
    """
    seeds = ended_seeds(experiment, epochs)
    last = [epoch for epoch in epochs if epoch.epoch == experiment.training.epochs and epoch.seed in seeds]
    left, right = side_titles(*side_keys(experiment))
    ratios = [epoch.ratio for epoch in last if epoch.left.compared_total]
    if not ratios or len(ratios) < len(last):
        return ""
    said = f"At the end, total {compared_loss(experiment)}, {right} ÷ {left}: {short(float(np.median(ratios)), 3)}"
    if len(ratios) == 1:
        return f"{said}."
    within = interval(ratios)
    sure = f", {CONFIDENCE:.0%} interval {short(within.low, 3)} to {short(within.high, 3)}" if within else ""
    lower = sum(ratio < 1 for ratio in ratios)
    return (
        f"{said} (median; {short(min(ratios), 3)} to {short(max(ratios), 3)}{sure}; {right} is lower with {lower} of "
        f"{len(ratios)} seeds)."
    )
