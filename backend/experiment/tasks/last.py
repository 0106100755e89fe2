"""The last value of a feature."""

from __future__ import annotations

import numpy as np

from backend.experiment.tasks.base import Mark, Task


def last_target(
    x: np.ndarray, factors: dict[str, np.ndarray], units: int, rng: np.random.Generator, relatedness: float
) -> np.ndarray:
    """Last value in time of the first `units` features: (n, units)."""
    return np.asarray(x[:, -1, :units], np.float32)


def last_marks(sequence: np.ndarray, factors: dict[str, np.ndarray], units: int) -> list[Mark]:
    """A dot on the last value of each of the first `units` features."""
    return [
        Mark("dot", "last value", j, ((len(sequence), float(value)),)) for j, value in enumerate(sequence[-1, :units])
    ]


TASK = Task(
    name="last",
    title="Last value",
    description="The value at the last timestep, which an LSTM has just seen.",
    kind="regression",
    target=last_target,
    marks=last_marks,
)
