"""The measurement of claim 6: how far the two styles differ under every optimizer, with summed and averaged losses.

It is separate from the shown code, which trains two optimizers from one seed: 8 trainings in 15 s on two busy cores,
because Keras traces `fit` anew for each. The verdict needs every optimizer and one that clips gradients, with three
models and three seeds: far more trainings than the 20 s for all claims allow. Here each style is traced once.
"""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from backend.experiment.optimizers import OPTIMIZERS
from backend.jobs.runtime import Context
from backend.questions.claims.job import ClaimJob
from backend.questions.claims.optimizer_readings import Clipped, Reading, Trainings
from backend.questions.claims.recipes import comparison_rate, sizes
from backend.worker.claims.common import float64
from backend.worker.claims.descent import Comparison, LossSetup, Point, mean_weights, prepare_comparison, variation
from backend.worker.keras_internals import release_traced_graphs

#: Steps of a training, and the number of seeds: each determines the initial weights and the order of the batches.
STEPS, SEEDS = 100, 3


def measure(job: ClaimJob, context: Context) -> Trainings:
    """Train both styles from the same start on the same batches, in float64. Raises `Cancelled`."""
    experiment = job.settings
    rate = comparison_rate(experiment)
    with release_traced_graphs(), float64():
        comparison = prepare_comparison(experiment, STEPS, context, SEEDS)
        limit = _limit(comparison)
        clipping = f"keras.optimizers.SGD(learning_rate={rate!r}, clipnorm={limit!r})"
        return Trainings(
            steps=comparison.steps,
            sequences=len(comparison.x),
            seeds=[experiment.training.seed + i for i in range(SEEDS)],
            optimizers={name: _readings(comparison, each.source(rate)) for name, each in OPTIMIZERS.items()},
            clipnorm=Clipped(limit=limit, readings=_readings(comparison, clipping, per_variable=True)),
        )


def _readings(comparison: Comparison, optimizer: str, per_variable: bool = False) -> list[Reading]:
    mean = mean_weights(comparison.architecture)
    sequential, once = LossSetup("sequential"), (1.0,) * len(mean)
    setups = [sequential, LossSetup("functional", once), LossSetup("functional", mean)]
    ends = np.cumsum([head.units for head in comparison.architecture.heads])[:-1].tolist()
    return [
        _reading(np.asarray(comparison.at_start(sequential, seed).outputs), points, ends)
        for seed, points in enumerate(comparison.train(setups, optimizer, per_variable))
    ]


def _reading(before: np.ndarray, points: list[Point], ends: list[int]) -> Reading:
    outputs = [np.asarray(point.outputs) for point in points]
    fused, summed, averaged = outputs
    with np.errstate(over="ignore", invalid="ignore"):  # `finite` reports it
        moved = np.maximum(sizes(fused - before, ends), sizes(summed - before, ends))
        return Reading(
            finite=all(bool(np.isfinite(point.loss) and np.isfinite(point.outputs).all()) for point in points),
            moved=moved.tolist(),
            variation=np.min([variation(before, after, ends) for after in outputs], axis=0).tolist(),
            summed=sizes(fused - summed, ends).tolist(),
            averaged=sizes(fused - averaged, ends).tolist(),
        )


def _limit(comparison: Comparison) -> float:
    """A round number, about half the norm of the fused kernel's gradient, so that clipping has an effect."""
    sizes = comparison.descent("sequential").sizes
    norm = float(tf.norm(comparison.at_start(LossSetup("sequential")).gradient[sum(sizes[:-2]) : -sizes[-1]]))
    return float(f"{norm / 2:.0e}") or 0.1
