"""The lowest losses without learning: those of a network that outputs the same numbers for every sequence.

A dead network does that, and one that has not learned yet does not better. Two of them agree easily.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.dataset import Sequences, generate

#: Halvings of the interval in which the best constant under the Huber loss lies.
_HALVINGS = 60
#: Keras keeps probabilities this far from 0 and 1.
_CLIPPED = 1e-7


def constant_losses(experiment: Experiment) -> Mapping[str, float]:
    """The loss of each head, by name, for the best constant outputs on the validation sequences.

    Without validation sequences it is that on the training sequences. No network with constant outputs has less.
    """
    bare = experiment.unlabelled()
    train, validating = bare.training.split(bare.sequences.samples)
    rows = (train, train + validating) if validating else (0, train)
    return _losses(bare.architecture, bare.sequences, *rows)


@lru_cache(maxsize=256)
def _losses(architecture: Architecture, sequences: Sequences, start: int, stop: int) -> Mapping[str, float]:
    y = generate(architecture, sequences).y
    return {head.name: _least(head.loss, y[head.name][start:stop].astype(np.float64)) for head in architecture.heads}


def _least(loss: str, y: np.ndarray) -> float:
    """The least mean loss that the same outputs for all rows of `y` (sequences, units) have."""
    if loss == "mse":
        return float(y.var(axis=0).mean())
    if loss == "mae":
        return float(np.abs(y - np.median(y, axis=0)).mean())
    if loss == "huber":
        errors = np.abs(y - _huber_centre(y))
        return float(np.where(errors <= 1, errors**2 / 2, errors - 0.5).mean())
    p = y.mean(axis=0).clip(_CLIPPED, 1 - _CLIPPED)
    if loss == "binary_crossentropy":
        return float(-(p * np.log(p) + (1 - p) * np.log(1 - p)).mean())
    return float(-(p * np.log(p)).sum())


def _huber_centre(y: np.ndarray) -> np.ndarray:
    """The best constant for each unit under the Huber loss (δ = 1): where the clipped errors add up to 0."""
    low, high = y.min(axis=0), y.max(axis=0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        above = (y - middle).clip(-1, 1).sum(axis=0) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.asarray((low + high) / 2)
