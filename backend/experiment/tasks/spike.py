"""Does a feature contain a spike?"""

from __future__ import annotations

import numpy as np

from backend.experiment.tasks.base import Mark, Task


def spike_target(
    x: np.ndarray, factors: dict[str, np.ndarray], units: int, rng: np.random.Generator, relatedness: float
) -> np.ndarray:
    """1 where the first `units` features contain a spike, else 0: (n, units)."""
    return np.asarray(factors["spike"][:, :units], np.float32)


def spike_marks(sequence: np.ndarray, factors: dict[str, np.ndarray], units: int) -> list[Mark]:
    """A ring around the spike of each of the first `units` features that has one."""
    spikes = [(j, int(factors["spike_at"][j])) for j in range(units) if factors["spike"][j]]
    return [Mark("ring", "spike", j, ((at + 1, float(sequence[at, j])),)) for j, at in spikes]


TASK = Task(
    name="spike",
    title="Spike?",
    description="Yes or no: is one value far above its neighbours?",
    kind="binary",
    target=spike_target,
    marks=spike_marks,
    min_timesteps=3,
)
