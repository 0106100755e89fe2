"""Evidence for claim 6: how far the two styles part under every optimizer, with the losses summed and averaged."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from backend.claims.recipes import calm_rate
from backend.experiment import Experiment
from backend.experiment.training import OPTIMIZERS
from backend.jobs.runtime import Context
from backend.worker.claims.common import float64
from backend.worker.claims.descent import Comparison, LossSetup, Point, compare_descents, mean_weights, variation
from backend.worker.keras_internals import release_traced_graphs

#: Steps of a training, and how many seeds are trained: each decides initial weights and the order of the batches.
STEPS, SEEDS = 100, 3


def measure(experiment: Experiment, context: Context) -> dict[str, Any]:
    """Both styles after `steps` steps on `sequences` sequences in float64: the same start, the same batches.

    `optimizers`: name → one reading a seed of `seeds`. A reading holds a number for each head: `sum` and `mean`, the
    root mean square of what Functional predicts less what Sequential predicts, with the sum and with the mean of
    Functional's losses; `moved`, the same of what training changed, in the style that it changed most; and `variation`,
    how much of the outputs' variation over the sequences is left, in the style that keeps least. `finite` tells whether
    all losses and outputs are numbers at the end.

    `clipnorm` is the same for SGD that clips each variable's gradient at `limit`.
    """
    rate = calm_rate(experiment)
    with release_traced_graphs(), float64():
        setting = compare_descents(experiment, STEPS, context, SEEDS)
        limit = _limit(setting)
        clipping = f"keras.optimizers.SGD(learning_rate={rate!r}, clipnorm={limit!r})"
        return {
            "steps": setting.steps,
            "sequences": len(setting.x),
            "seeds": [experiment.training.seed + i for i in range(SEEDS)],
            "optimizers": {
                name: _readings(setting, source.format(rate=repr(rate))) for name, source in OPTIMIZERS.items()
            },
            "clipnorm": {"limit": limit, "readings": _readings(setting, clipping, apart=True)},
        }


def _readings(setting: Comparison, optimizer: str, apart: bool = False) -> list[dict[str, Any]]:
    mean = mean_weights(setting.architecture)
    sequential, once = LossSetup("sequential"), (1.0,) * len(mean)
    ways = [sequential, LossSetup("functional", once), LossSetup("functional", mean)]
    ends = np.cumsum([head.units for head in setting.architecture.heads])[:-1]
    return [
        _reading(np.asarray(setting.at_start(sequential, seed).outputs), points, ends)
        for seed, points in enumerate(setting.outputs(ways, optimizer, apart))
    ]


def _reading(before: np.ndarray, points: list[Point], ends: np.ndarray) -> dict[str, Any]:
    outputs = [np.asarray(point.outputs) for point in points]
    fused, summed, averaged = outputs
    with np.errstate(over="ignore", invalid="ignore"):  # judged by `finite`
        moved = np.maximum(_sizes(fused - before, ends), _sizes(summed - before, ends))
        return {
            "finite": all(np.isfinite(point.loss) and np.isfinite(point.outputs).all() for point in points),
            "moved": moved.tolist(),
            "variation": np.min([variation(before, after, ends) for after in outputs], axis=0).tolist(),
            "sum": _sizes(fused - summed, ends).tolist(),
            "mean": _sizes(fused - averaged, ends).tolist(),
        }


def _sizes(outputs: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """The root mean square of each head's columns."""
    return np.array([np.sqrt(np.mean(np.square(columns))) for columns in np.split(outputs, ends, axis=1)])


def _limit(setting: Comparison) -> float:
    """A round number below the norm of the fused kernel's gradient, so that clipping has something to do."""
    sizes = setting.descent("sequential").sizes
    norm = float(tf.norm(setting.at_start(LossSetup("sequential")).gradient[sum(sizes[:-2]) : -sizes[-1]]))
    return float(f"{norm / 2:.0e}") or 0.1
