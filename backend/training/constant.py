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
#: Validation sequences with which the losses of two networks that output constants differ little.
FEWEST = 50
#: Keras keeps probabilities this far from 0 and 1.
_CLIPPED = 1e-7


def constant_losses(experiment: Experiment) -> Mapping[str, float]:
    """The loss of each head, by name, on the validation sequences, for the best constant outputs.

    They are the best on the training sequences, as a network that outputs constants learns them. Without validation
    sequences it is the loss on the training sequences; no network with constant outputs has less.
    """
    bare = experiment.unlabelled()
    train, validating = bare.training.split(bare.sequences.samples)
    return _losses(bare.architecture, bare.sequences, train, validating)


def comparable(experiment: Experiment) -> bool:
    """Whether a loss after the last epoch may be called no lower than that of constant outputs.

    There are enough validation sequences for it. The training loss is a mean over the epoch, which began with more.
    """
    return experiment.training.split(experiment.sequences.samples)[1] >= FEWEST


@lru_cache(maxsize=256)
def _losses(architecture: Architecture, sequences: Sequences, train: int, validating: int) -> Mapping[str, float]:
    y = {name: each.astype(np.float64) for name, each in generate(architecture, sequences).y.items()}
    rows = slice(train, train + validating) if validating else slice(train)
    return {
        head.name: _loss(head.loss, y[head.name][rows], _best(head.loss, y[head.name][:train]))
        for head in architecture.heads
    }


def _best(loss: str, y: np.ndarray) -> np.ndarray:
    """The same outputs for all rows of `y` (sequences, units) that have the least mean loss."""
    if loss == "mae":
        return np.asarray(np.median(y, axis=0))
    if loss == "huber":
        return _huber_centre(y)
    return np.asarray(y.mean(axis=0))


def _loss(loss: str, y: np.ndarray, outputs: np.ndarray) -> float:
    """The mean loss of the same `outputs` for all rows of `y`."""
    errors = np.abs(y - outputs)
    if loss == "mse":
        return float((errors**2).mean())
    if loss == "mae":
        return float(errors.mean())
    if loss == "huber":
        return float(np.where(errors <= 1, errors**2 / 2, errors - 0.5).mean())
    p = outputs.clip(_CLIPPED, 1 - _CLIPPED)
    if loss == "binary_crossentropy":
        return float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean())
    return float(-(y * np.log(p)).sum(axis=1).mean())


def _huber_centre(y: np.ndarray) -> np.ndarray:
    """The best constant for each unit under the Huber loss (δ = 1): where the clipped errors add up to 0."""
    low, high = y.min(axis=0), y.max(axis=0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        above = (y - middle).clip(-1, 1).sum(axis=0) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.asarray((low + high) / 2)
