"""Which total loss ends lower, and whether that means anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backend.experiment import Experiment
from backend.experiment.sides import side_keys, side_titles
from backend.training.comparison import SAME, ended_seeds
from backend.training.loss_ratio import comparability
from backend.training.result import Epoch
from backend.words import short

Lower = Literal["left", "right", "equal"]


@dataclass(frozen=True)
class LowerTotal:
    """The side whose total training loss is lower after the last epoch, and what that means, in words."""

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
    left, right = (float(np.median([getattr(epoch, side).total for epoch in last])) for side in ("left", "right"))
    titles = side_titles(*side_keys(experiment))
    median = f" (medians of {len(seeds)} seeds)" if len(seeds) > 1 else ""
    figures = f"{titles[0]} {short(left, 3)}, {titles[1]} {short(right, 3)}{median}"
    lower: Lower = "left" if left < right else "right"
    if abs(left - right) <= SAME * max(left, right):
        lower = "equal"
    first = (
        "The totals are equal within 0.5%" if lower == "equal" else f"{titles[lower == 'right']} has the lower total"
    )
    return LowerTotal(lower, f"{first}: {figures}. {comparability(experiment)}")
