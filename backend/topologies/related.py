"""The pair of tasks whose relatedness is a dial, as topologies 7 to 9 learn it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from backend.experiment.dataset import generate_sequences
from backend.experiment.tasks import TASKS
from backend.topologies.base import Metric, Problem, r2, standard

#: Spread of the noise on what is learned, where the target itself has 1: a task has to take help where it finds it.
NOISE = 1.5
#: More runs than usual, because the differences are small: one of nine may disagree.
SEEDS = 9


def draw(seed: int, n: int, relatedness: float) -> Problem:
    """Short waves and both targets of the related pair (Ma et al. 2018, §3.2): `a`, `b` noisy, `clean_…` not."""
    x, factors = generate_sequences(n, 6, 1, seed)
    rng = np.random.default_rng([seed, 71])
    y = {}
    for name in ("a", "b"):
        target = TASKS[f"related_{name}"].target(x, factors, 1, np.random.default_rng([seed, 2]), relatedness)
        y[f"clean_{name}"] = standard(target)
        y[name] = np.asarray(y[f"clean_{name}"] + NOISE * rng.normal(size=target.shape), np.float32)
    return Problem({"sequence": x}, y)


def score(predicted: Mapping[str, np.ndarray], truth: Mapping[str, np.ndarray]) -> float:
    """The mean R² of both tasks against targets without noise."""
    return float(np.mean([r2(predicted[name], truth[f"clean_{name}"]) for name in ("a", "b")]))


METRIC = Metric("mean R²", score)
TASK = (
    "The related pair: each target is a weighted sum of all values of a short wave, bent by a few sines, and learned "
    "with more noise than signal. The dial says how far the two weightings agree: at 1 they are equal, and the tasks "
    "differ in their noise alone; at 0 the two sums are uncorrelated; at −1 the weightings are opposite. Measured "
    "against targets without noise."
)
INPUT = 'sequence = keras.Input(shape=(6, 1), name="sequence")'
MODEL = 'model = keras.Model(sequence, {"a": a, "b": b})'
COMPILE = 'model.compile(keras.optimizers.Adam(0.01), loss={"a": "mse", "b": "mse"})'
