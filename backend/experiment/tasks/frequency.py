"""How often a feature's wave repeats."""

from __future__ import annotations

import numpy as np

from backend.experiment.tasks.base import Task


def frequency_target(
    x: np.ndarray, factors: dict[str, np.ndarray], units: int, rng: np.random.Generator, relatedness: float
) -> np.ndarray:
    """Cycles per sequence of the first `units` features: (n, units)."""
    return np.asarray(factors["frequency"][:, :units], np.float32)


TASK = Task(
    name="frequency",
    title="Frequency",
    description="How many times the wave repeats within the sequence.",
    kind="regression",
    target=frequency_target,
    min_timesteps=6,
)
