"""The first of a pair of tasks with adjustable relatedness. The formula is in the second."""

from __future__ import annotations

import numpy as np

from backend.experiment.tasks.base import Task
from backend.experiment.tasks.related_b import related_b_target


def related_a_target(
    x: np.ndarray, factors: dict[str, np.ndarray], units: int, rng: np.random.Generator, relatedness: float
) -> np.ndarray:
    """The second task's formula with w = u₁, its weights at relatedness 1: (n, units)."""
    return related_b_target(x, factors, units, rng, 1.0)


TASK = Task(
    name="related_a",
    title="Related pair, a",
    description="A weighted sum of all values, plus three sines of that sum. Its counterpart is “Related pair, b”.",
    kind="regression",
    target=related_a_target,
    min_timesteps=3,
    features_per_unit=False,
)
