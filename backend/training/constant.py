"""Baselines: the losses of predictions that need no network.

The first is a network that outputs the same numbers for every sequence. A dead network does that, and a network that
has not learned yet does no better. Two such networks agree easily. Tasks of a recording may have a better guess: that
tomorrow is as today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.dataset import Sequences, generate
from backend.experiment.losses import LOSSES

#: The fewest validation sequences for a comparison with a baseline. With as many, the losses of two networks that
#: output constants differ little.
FEWEST = 50
_FREQUENCIES = "class frequencies"


@dataclass(frozen=True)
class Baseline:
    """The loss of a prediction without a network, and what it predicts, in a few words."""

    loss: float
    words: str


def constant_losses(experiment: Experiment) -> Mapping[str, float]:
    """The loss of each head, by name, on the validation sequences, for the best constant predictions.

    They are the best on the training sequences, as a network that outputs constants learns them. Without validation
    sequences it is the loss on the training sequences, the smallest that constant predictions can have.
    """
    return {head: constant.loss for head, (constant, *_) in _baselines(experiment).items()}


def baselines(experiment: Experiment) -> Mapping[str, Baseline]:
    """The baseline of each head, by name: its best constant predictions, or its task's guess if that loss is lower."""
    return {head: min(each, key=lambda one: one.loss) for head, each in _baselines(experiment).items()}


def comparable(experiment: Experiment) -> bool:
    """Whether a loss after the last epoch can be compared with that of a baseline.

    It can if there are enough validation sequences. A training loss cannot: it is a mean over the epoch, which began
    with higher losses.
    """
    return experiment.parts[1] >= FEWEST


def _baselines(experiment: Experiment) -> Mapping[str, tuple[Baseline, ...]]:
    bare = experiment.unlabelled()
    shape = bare.architecture.model_copy(update={"lstm": (1,), "dense": ()})  # the trunk does not affect the data
    return _cached(shape, bare.sequences, *bare.parts)


@lru_cache(maxsize=256)
def _cached(
    architecture: Architecture, sequences: Sequences, train: int, validating: int
) -> Mapping[str, tuple[Baseline, ...]]:
    """The constant predictions of each head, then the guess of its task if it has one."""
    dataset = generate(architecture, sequences, (train, validating))
    rows = slice(train, train + validating) if validating else slice(train)
    found = {}
    source = architecture.source
    for position, head in enumerate(architecture.heads):
        same = source.constant if head.spec.kind == "regression" else _FREQUENCIES
        y, loss = dataset.y[head.name].astype(np.float64), LOSSES[head.loss]
        each = [Baseline(loss.of(y[rows], loss.best(y[:train])), same)]
        if guess := head.spec.guess:
            guessed = sequences.scale_of(position) * guess(dataset.factors)[rows]
            each.append(Baseline(loss.of(y[rows], guessed), source.guess))
        found[head.name] = tuple(each)
    return found
