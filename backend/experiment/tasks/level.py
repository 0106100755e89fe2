"""The average of a feature over the whole sequence."""

from __future__ import annotations

import numpy as np

from backend.experiment.tasks.base import Mark, Task


def level_target(
    x: np.ndarray, factors: dict[str, np.ndarray], units: int, rng: np.random.Generator, relatedness: float
) -> np.ndarray:
    """Mean over time of the first `units` features: (n, units)."""
    return np.asarray(x[:, :, :units].mean(axis=1), np.float32)


def level_marks(sequence: np.ndarray, factors: dict[str, np.ndarray], units: int) -> list[Mark]:
    """A line at the mean of each of the first `units` features."""
    ends = (0.6, len(sequence) + 0.4)
    means = (float(feature.mean()) for feature in sequence.T[:units])
    return [Mark("line", "mean", j, tuple((end, mean) for end in ends)) for j, mean in enumerate(means)]


TASK = Task(
    name="level",
    title="Level",
    description="The average of a feature over the whole sequence.",
    kind="regression",
    target=level_target,
    marks=level_marks,
)
