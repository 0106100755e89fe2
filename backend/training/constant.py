"""The lowest losses without learning: those of a network that outputs the same numbers for every sequence.

A dead network does that, and a network that has not learned yet does no better. Two such networks agree easily.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.dataset import Sequences, generate
from backend.experiment.losses import LOSSES

#: With so many validation sequences, the losses of two networks that output constants differ little.
FEWEST = 50


def constant_losses(experiment: Experiment) -> Mapping[str, float]:
    """The loss of each head, by name, on the validation sequences, for the best constant outputs.

    They are the best on the training sequences, as a network that outputs constants learns them. Without validation
    sequences it is the loss on the training sequences, the smallest that constant outputs can have.
    """
    bare = experiment.unlabelled()
    train, validating = bare.parts
    return _losses(bare.architecture, bare.sequences, train, validating)


def comparable(experiment: Experiment) -> bool:
    """Whether a loss after the last epoch may be called no lower than that of constant outputs.

    It may if there are enough validation sequences. The training loss does not tell: it is a mean over the epoch, which
    began with higher losses.
    """
    return experiment.parts[1] >= FEWEST


@lru_cache(maxsize=256)
def _losses(architecture: Architecture, sequences: Sequences, train: int, validating: int) -> Mapping[str, float]:
    y = {
        name: each.astype(np.float64) for name, each in generate(architecture, sequences, (train, validating)).y.items()
    }
    rows = slice(train, train + validating) if validating else slice(train)
    losses = {head.name: LOSSES[head.loss] for head in architecture.heads}
    return {name: loss.of(y[name][rows], loss.best(y[name][:train])) for name, loss in losses.items()}
