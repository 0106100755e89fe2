"""The pair of tasks whose relatedness is a dial, as topologies 7 to 9 learn it."""

from __future__ import annotations

import numpy as np

from backend.sequences import draw_sequences
from backend.tasks import TASKS
from backend.topologies.base import Problem, standard


def draw(seed: int, n: int, relatedness: float) -> Problem:
    """Waves on a slope and both targets of the related pair (Ma et al. 2018, §3.2), without noise."""
    x, factors = draw_sequences(n, 10, 2, seed)
    y = {
        name: standard(TASKS[task].target(x, factors, 1, np.random.default_rng([seed, 2]), relatedness))
        for name, task in (("a", "related_a"), ("b", "related_b"))
    }
    return Problem({"sequence": x}, y)


TASK = (
    "The related pair: two weighted sums of all values of a wave, each bent by a few sines. The dial says how much the "
    "two weightings have in common: at 1 both tasks are one, at 0 they have nothing to do with each other."
)
INPUT = 'sequence = keras.Input(shape=(10, 2), name="sequence")'
MODEL = 'model = keras.Model(sequence, {"a": a, "b": b})'
COMPILE = 'model.compile(keras.optimizers.Adam(0.01), loss={"a": "mse", "b": "mse"})'
