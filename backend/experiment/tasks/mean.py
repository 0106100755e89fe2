"""The average of a feature over the whole sequence."""

from __future__ import annotations

import numpy as np

from backend.experiment.tasks.base import Task


def mean_target(
    x: np.ndarray, factors: dict[str, np.ndarray], units: int, rng: np.random.Generator, relatedness: float
) -> np.ndarray:
    """Mean over time of the first `units` features: (n, units)."""
    return np.asarray(x[:, :, :units].mean(axis=1), np.float32)


TASK = Task(
    name="mean",
    title="Mean",
    description="The average of all values in the sequence.",
    kind="regression",
    target=mean_target,
)
