"""Which total loss ends lower, and whether that means anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backend.experiment import Experiment
from backend.experiment.sides import side_keys, side_titles
from backend.statistics.intervals import CONFIDENCE, interval
from backend.training.comparison import SAME, ended_seeds
from backend.training.loss_ratio import comparability
from backend.training.result import Epoch, Losses
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


def at_the_end(experiment: Experiment, epochs: Sequence[Epoch]) -> str:
    """The ratios of two settings' losses at the end, over the seeds that ended, and how many are below 1.

    It is a sentence, empty before a seed has ended. The exported script prints the same figures.
    """
    seeds = ended_seeds(experiment, epochs)
    last = [epoch for epoch in epochs if epoch.epoch == experiment.training.epochs and epoch.seed in seeds]
    left, right = side_titles(*side_keys(experiment))
    parts = [
        words
        for what, pick in (("total loss", _total), ("validation loss", _validation))
        if (words := _ratios_words(what, [(pick(epoch.left), pick(epoch.right)) for epoch in last], right))
    ]
    if not parts:
        return ""
    return f"At the end, {right} ÷ {left}: {'; '.join(parts)}."


def _total(losses: Losses) -> float | None:
    return losses.total


def _validation(losses: Losses) -> float | None:
    return losses.val_total


def _ratios_words(what: str, pairs: Sequence[tuple[float | None, float | None]], right: str) -> str:
    ratios = [other / one for one, other in pairs if one and other is not None]
    if not ratios or len(ratios) < len(pairs):
        return ""
    if len(ratios) == 1:
        return f"{what} {short(ratios[0], 3)}"
    within = interval(ratios)
    sure = f", {CONFIDENCE:.0%} interval {short(within.low, 3)} to {short(within.high, 3)}" if within else ""
    lower = sum(ratio < 1 for ratio in ratios)
    return (
        f"{what} {short(float(np.median(ratios)), 3)} (median; {short(min(ratios), 3)} to {short(max(ratios), 3)}"
        f"{sure}; {right} is lower with {lower} of {len(ratios)} seeds)"
    )
