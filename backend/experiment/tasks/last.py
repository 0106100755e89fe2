"""The last value of a feature."""

from __future__ import annotations

import numpy as np

from backend.experiment.tasks.base import Task


def last_target(
    x: np.ndarray, factors: dict[str, np.ndarray], units: int, rng: np.random.Generator, relatedness: float
) -> np.ndarray:
    """Last value in time of the first `units` features: (n, units)."""
    return np.asarray(x[:, -1, :units], np.float32)


TASK = Task(
    name="last",
    title="Last value",
    description="The value at the last timestep, which an LSTM has just seen.",
    kind="regression",
    target=last_target,
)
