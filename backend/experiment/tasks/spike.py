"""Does a feature contain a spike?"""

from __future__ import annotations

import numpy as np

from backend.experiment.tasks.base import Task


def spike_target(
    x: np.ndarray, factors: dict[str, np.ndarray], units: int, rng: np.random.Generator, relatedness: float
) -> np.ndarray:
    """1 where the first `units` features contain a spike, else 0: (n, units)."""
    return np.asarray(factors["spike"][:, :units], np.float32)


TASK = Task(
    name="spike",
    title="Spike?",
    description="Yes or no: is one value far above its neighbours?",
    kind="binary",
    target=spike_target,
    min_timesteps=3,
)
