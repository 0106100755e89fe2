"""Which total loss ends lower, and whether that means anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backend.experiment import Experiment
from backend.experiment.sides import titles_of
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
    """Compare the totals after the last epoch by their ratio, the median over the seeds that ended.

    None if no seed has ended, or if the left total is 0. Totals that differ by at most 0.5% are equal. The exported
    script of two settings prints the same figures.
    """
    seeds = ended_seeds(experiment, epochs)
    last = [epoch for epoch in epochs if epoch.epoch == experiment.training.epochs and epoch.seed in seeds]
    ratios = [epoch.ratio for epoch in last if epoch.left.compared_total]
    if not ratios or len(ratios) < len(last):
        return None
    ratio = float(np.median(ratios))
    lower: Lower = "equal" if abs(ratio - 1) <= SAME else "right" if ratio < 1 else "left"
    titles, total = titles_of(experiment), f"total {compared_loss(experiment)}"
    first = f"{titles[lower == 'right']} has the lower {total}"
    if lower == "equal":
        first = f"The {total}es are equal within 0.5%"
    within = interval(ratios)
    sure = f", {CONFIDENCE:.0%} interval {short(within.low, 3)} to {short(within.high, 3)}" if within else ""
    seen = f" (median of {len(ratios)} seeds{sure})" if len(ratios) > 1 else ""
    figure = f"{titles[1]} ÷ {titles[0]} = {short(ratio, 3)}{seen}"
    return LowerTotal(lower, f"{first}: {figure}. {comparability(experiment)}")
