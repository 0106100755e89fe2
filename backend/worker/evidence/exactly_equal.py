"""Evidence for claim 7: Sequential and Functional, fused, trained by `fit` from one seed and compared bit by bit."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from backend.experiment import Experiment
from backend.styles import STYLES
from backend.worker.build import build, weights_of
from backend.worker.evidence.common import sample
from backend.worker.evidence.fit import compiled, fit
from backend.worker.runtime import Context

SEQUENCES, BATCH, EPOCHS = 256, 32, 3


def measure(experiment: Experiment, context: Context) -> dict[str, Any]:
    """`layers`: name → how many `numbers` it holds, how many have equal bits at the `start` and at the `end`, and their
    largest `difference`; `outputs`: the same after training. `moved`: the largest change of a weight.
    """
    architecture = experiment.architecture
    drawn, targets = sample(experiment, SEQUENCES)
    x = drawn[: len(drawn) // BATCH * BATCH]  # batches of one size are traced once
    y = np.concatenate([targets[head.name] for head in architecture.heads], axis=1)[: len(x)]
    starts, ends = [], []
    outputs = []
    for style in ("sequential", "functional_fused"):
        context.raise_if_cancelled()
        model = build(STYLES[style].write(architecture), experiment.training.seed)
        starts.append(_flat(model))
        compiled(model, experiment, architecture.heads[0].loss)
        context.traced()
        fit(model, x, y, BATCH, EPOCHS, context)
        ends.append(_flat(model))
        outputs.append(np.asarray(model(x, training=False)))
    before, after = starts[0], ends[0]
    return {
        "sequences": len(x),
        "epochs": EPOCHS,
        "layers": {
            name: {"start": _equal(before[name], starts[1][name]), **_held(after[name], ends[1][name])}
            for name in before
        },
        "outputs": _held(outputs[0], outputs[1]),
        "moved": max(float(np.abs(after[name] - before[name]).max()) for name in before),
    }


def _flat(model: keras.Model) -> dict[str, np.ndarray]:
    """All numbers of each layer in one row."""
    return {name: np.concatenate([np.ravel(a) for a in arrays]) for name, arrays in weights_of(model).items()}


def _equal(one: np.ndarray, other: np.ndarray) -> int:
    """How many numbers have the same bits."""
    return int((one.view(np.uint32) == other.view(np.uint32)).sum())


def _held(one: np.ndarray, other: np.ndarray) -> dict[str, Any]:
    return {"numbers": one.size, "end": _equal(one, other), "difference": float(np.abs(one - other).max())}
