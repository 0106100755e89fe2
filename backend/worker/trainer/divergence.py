"""When a training ends early, and the sentence that says why."""

from __future__ import annotations

import numpy as np

from backend.experiment import Experiment
from backend.experiment.sides import titles_of
from backend.words import listed, short
from backend.worker.trainer.looped import LoopedPair
from backend.worker.trainer.pair import Pair

#: A total loss this many times its untrained value counts as divergence, even if it is finite.
DIVERGED = 1e6


class Diverged(Exception):
    """Raised if a training ends early. Its text says why, in a sentence for the visitor."""


def loss_limit(pair: Pair | LoopedPair, batch: int) -> np.ndarray:
    """The total loss of each style above which a run counts as diverged, from its current weights on one batch."""
    untrained = pair.evaluate(0, min(pair.size, batch))[0][:, 0]
    limit: np.ndarray = DIVERGED * np.maximum(untrained, 1e-3)
    return limit


def divergence(experiment: Experiment, losses: np.ndarray, limit: np.ndarray, seed: int, epoch: int) -> str | None:
    """Why a run stops here, in a sentence; None if the `losses` (2, 1 + heads) of both styles are fine."""
    broken = ~np.isfinite(losses).all(axis=1)
    diverged = broken if broken.any() else losses[:, 0] > limit
    if not diverged.any():
        return None
    sides, training, which = experiment.sides(), experiment.training, np.flatnonzero(diverged).tolist()
    whose = listed(dict.fromkeys(titles_of(experiment)[number] for number in which))
    rates = list(dict.fromkeys(short(sides[number].experiment.training.learning_rate, 3) for number in which))
    what = "became NaN or infinite" if broken.any() else "exceeded a million times its initial value"
    of = f" of seed {seed}" if training.seeds > 1 else ""
    at, smaller = ("a learning rate", "a smaller one") if len(rates) == 1 else ("learning rates", "smaller ones")
    advice = f"Training diverges at {at} of {listed(rates)}; try {smaller}"
    return f"{whose}: the loss {what} in epoch {epoch}{of}. {advice}."
