"""When a training ends early, and the sentence that says why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backend.experiment import Experiment
from backend.experiment.sides import titles_of
from backend.words import listed, short
from backend.worker.trainer.pair import TrainedEpoch

#: A total loss this many times its untrained value counts as divergence, even if it is finite.
DIVERGED = 1e6


class Diverged(Exception):
    """Raised if a training ends early. Its text says why, in a sentence for the visitor."""


def divergence(
    experiment: Experiment, epochs: Sequence[TrainedEpoch], untrained: Sequence[np.ndarray], seed: int, number: int
) -> str | None:
    """Why a run stops in this epoch of both styles, in a sentence; None if its losses are fine.

    `untrained` are the losses (1 + heads,) of each style before the first step.
    """
    losses = [each.losses if each.validation is None else np.append(each.losses, each.validation) for each in epochs]
    broken = ~np.isfinite(losses).all(axis=1)
    limits = [DIVERGED * max(each[0], 1e-3) for each in untrained]
    diverged = broken if broken.any() else np.array([each.losses[0] for each in epochs]) > limits
    if not diverged.any():
        return None
    sides, training, which = experiment.sides(), experiment.training, np.flatnonzero(diverged).tolist()
    whose = listed(dict.fromkeys(titles_of(experiment)[number] for number in which))
    rates = list(dict.fromkeys(short(sides[number].experiment.training.learning_rate, 3) for number in which))
    what = "became NaN or infinite" if broken.any() else "exceeded a million times its initial value"
    of = f" of seed {seed}" if training.seeds > 1 else ""
    at, smaller = ("a learning rate", "a smaller one") if len(rates) == 1 else ("learning rates", "smaller ones")
    advice = f"Training diverges at {at} of {listed(rates)}; try {smaller}"
    return f"{whose}: the loss {what} in epoch {number}{of}. {advice}."
