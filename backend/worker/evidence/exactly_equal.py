"""Evidence for claim 7: Sequential and Functional, fused, trained by `fit` from one seed and compared bit by bit."""

from __future__ import annotations

from typing import Any, NamedTuple

import keras
import numpy as np

from backend.experiment import Experiment
from backend.styles import STYLES
from backend.worker.build import build, weights_of
from backend.worker.evidence.common import sample
from backend.worker.evidence.fit import compiled, fit
from backend.worker.forget import forgetting
from backend.worker.runtime import Context

SEQUENCES, BATCH, EPOCHS = 256, 32, 3


def measure(experiment: Experiment, context: Context) -> dict[str, Any]:
    """`layers`: name → how many `numbers` it holds, how many have equal bits at the `start` and at the `end`, and their
    largest `difference`; `outputs`: the same after training. `moved`: the largest change of a weight.
    """
    drawn, targets = sample(experiment, SEQUENCES)
    x = drawn[: len(drawn) // BATCH * BATCH]  # batches of one size are traced once
    y = np.concatenate([targets[head.name] for head in experiment.architecture.heads], axis=1)[: len(x)]
    with forgetting():
        one = _trained("sequential", experiment, x, y, context)
        other = _trained("functional_fused", experiment, x, y, context)
    return {
        "sequences": len(x),
        "epochs": EPOCHS,
        "layers": {
            name: {"start": _equal(start, other.start[name]), **_compare(one.end[name], other.end[name])}
            for name, start in one.start.items()
        },
        "outputs": _compare(one.outputs, other.outputs),
        "moved": max(float(np.abs(one.end[name] - start).max()) for name, start in one.start.items()),
    }


class _Trained(NamedTuple):
    """The numbers of each layer in one row, before and after training, and the outputs after it."""

    start: dict[str, np.ndarray]
    end: dict[str, np.ndarray]
    outputs: np.ndarray


def _trained(style: str, experiment: Experiment, x: np.ndarray, y: np.ndarray, context: Context) -> _Trained:
    context.raise_if_cancelled()
    model = build(STYLES[style].write(experiment.architecture), experiment.training.seed)
    start = _flat(model)
    compiled(model, experiment, experiment.architecture.heads[0].loss)
    context.traced()
    fit(model, x, y, BATCH, EPOCHS, context)
    return _Trained(start, _flat(model), np.asarray(model(x, training=False)))


def _flat(model: keras.Model) -> dict[str, np.ndarray]:
    return {name: np.concatenate([np.ravel(a) for a in arrays]) for name, arrays in weights_of(model).items()}


def _equal(one: np.ndarray, other: np.ndarray) -> int:
    """How many numbers have the same bits."""
    return int((one.view(np.uint32) == other.view(np.uint32)).sum())


def _compare(one: np.ndarray, other: np.ndarray) -> dict[str, Any]:
    return {"numbers": one.size, "end": _equal(one, other), "difference": float(np.abs(one - other).max())}
