"""How often a feature's wave repeats."""

from __future__ import annotations

import numpy as np

from backend.experiment.tasks.base import Mark, Task


def frequency_target(
    x: np.ndarray, factors: dict[str, np.ndarray], units: int, rng: np.random.Generator, relatedness: float
) -> np.ndarray:
    """Cycles per sequence of the first `units` features: (n, units)."""
    return np.asarray(factors["frequency"][:, :units], np.float32)


def frequency_marks(sequence: np.ndarray, factors: dict[str, np.ndarray], units: int) -> list[Mark]:
    """How long one cycle of each of the first `units` features takes, above its highest value."""
    lengths = (len(sequence) / float(cycles) for cycles in factors["frequency"][:units])
    tops = (float(feature.max()) + 0.4 for feature in sequence.T)
    return [
        Mark("span", "one cycle", j, ((0.5, top), (0.5 + length, top)))
        for j, (length, top) in enumerate(zip(lengths, tops, strict=False))
    ]


TASK = Task(
    name="frequency",
    title="Frequency",
    description="How many times the wave repeats within the sequence.",
    kind="regression",
    target=frequency_target,
    marks=frequency_marks,
    min_timesteps=6,
)
