"""How steeply a feature rises or falls."""

from __future__ import annotations

import numpy as np

from backend.experiment.tasks.base import Task


def trend_target(
    x: np.ndarray, factors: dict[str, np.ndarray], units: int, rng: np.random.Generator, relatedness: float
) -> np.ndarray:
    """Least-squares slope per timestep of the first `units` features: (n, units)."""
    time = np.arange(x.shape[1]) - (x.shape[1] - 1) / 2
    rise = (x[:, :, :units] * time[None, :, None]).sum(axis=1)
    return np.asarray(rise / (time**2).sum(), np.float32)


TASK = Task(
    name="trend",
    title="Trend",
    description="The slope of the straight line that fits the sequence best: up, down or flat.",
    kind="regression",
    target=trend_target,
    min_timesteps=2,
)
