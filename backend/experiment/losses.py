"""The selectable losses. A new one is one entry: menus, links, the trainer, claims and findings read it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

Kind = Literal["regression", "binary", "multiclass"]
Array = np.ndarray

#: Halvings of the interval in which the best constant under the Huber loss lies.
_HALVINGS = 60
#: Keras keeps probabilities this far from 0 and 1.
_CLIPPED = 1e-7


def _of_error(loss: float, reference: float) -> float:
    """The error that is gone. With absolute errors it is less than the variance that is explained."""
    return 1 - loss / reference if loss < reference else 0.0


def _of_likelihood(loss: float, reference: float) -> float:
    """For a mean negative log-likelihood (Cox and Snell, Analysis of Binary Data, 1989)."""
    return -math.expm1(2 * (loss - reference)) if loss < reference else 0.0


@dataclass(frozen=True)
class Entry:
    """A loss: Keras's class, the kinds of tasks that can have it, and its values for constant predictions.

    It can be the default only for the first of the kinds. `of(y, outputs)` is the mean loss of `outputs` for targets
    `y`, both (sequences, units). Constant predictions are (units,), the same for every sequence. `best(y)` are those
    with the least mean loss.
    `explained(loss, reference)` is the share of the targets' variance that predictions with the mean `loss` explain
    beside predictions with the mean loss `reference`; 0 if they are no better.
    `random_targets` is the source of random targets with which claims train, in terms of `rng`, `{n}` sequences and
    `{units}`.
    """

    keras: str
    kinds: tuple[Kind, ...]
    of: Callable[[Array, Array], float]
    best: Callable[[Array], Array]
    random_targets: str = "rng.normal(size=({n}, {units}))"
    explained: Callable[[float, float], float] = _of_error


def _middle(y: Array) -> Array:
    return np.asarray(y.mean(axis=0))


def _squared(y: Array, outputs: Array) -> float:
    return float(((y - outputs) ** 2).mean())


def _absolute(y: Array, outputs: Array) -> float:
    return float(np.abs(y - outputs).mean())


def _huber(y: Array, outputs: Array) -> float:
    errors = np.abs(y - outputs)
    return float(np.where(errors <= 1, errors**2 / 2, errors - 0.5).mean())


def _huber_centre(y: Array) -> Array:
    """For each unit, the output at which the errors, clipped to ±1 (δ = 1), add up to 0."""
    low, high = y.min(axis=0), y.max(axis=0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        above = (y - middle).clip(-1, 1).sum(axis=0) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.asarray((low + high) / 2)


def _binary_crossentropy(y: Array, outputs: Array) -> float:
    p = outputs.clip(_CLIPPED, 1 - _CLIPPED)
    return float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean())


def _categorical_crossentropy(y: Array, outputs: Array) -> float:
    return float(-(y * np.log(outputs.clip(_CLIPPED, 1 - _CLIPPED))).sum(axis=1).mean())


#: Every loss by its name in links and in Keras, in the order of sentences that list them.
LOSSES: dict[str, Entry] = {
    "mse": Entry("MeanSquaredError", ("regression", "binary", "multiclass"), _squared, _middle),
    "mae": Entry("MeanAbsoluteError", ("regression",), _absolute, lambda y: np.asarray(np.median(y, axis=0))),
    "huber": Entry("Huber", ("regression",), _huber, _huber_centre),
    "binary_crossentropy": Entry(
        "BinaryCrossentropy",
        ("binary",),
        _binary_crossentropy,
        _middle,
        "rng.integers(2, size=({n}, {units})).astype(float)",
        _of_likelihood,
    ),
    "categorical_crossentropy": Entry(
        "CategoricalCrossentropy",
        ("multiclass",),
        _categorical_crossentropy,
        _middle,
        "np.eye({units})[rng.integers({units}, size={n})]",
        _of_likelihood,
    ),
}


def losses_of(kind: Kind) -> tuple[str, ...]:
    """The names of the losses that a head of this kind of task can have. The first is the default."""
    fitting = [name for name, entry in LOSSES.items() if kind in entry.kinds]
    return tuple(sorted(fitting, key=lambda name: LOSSES[name].kinds[0] != kind))


if TYPE_CHECKING:
    Loss = str
else:
    Loss = Literal[tuple(LOSSES)]
