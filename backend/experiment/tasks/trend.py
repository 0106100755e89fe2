"""How steeply a feature rises or falls."""

from __future__ import annotations

import numpy as np

from backend.experiment.tasks.base import Mark, Task


def trend_target(
    x: np.ndarray, factors: dict[str, np.ndarray], units: int, rng: np.random.Generator, relatedness: float
) -> np.ndarray:
    """Least-squares slope per timestep of the first `units` features: (n, units)."""
    time = np.arange(x.shape[1]) - (x.shape[1] - 1) / 2
    rise = (x[:, :, :units] * time[None, :, None]).sum(axis=1)
    return np.asarray(rise / (time**2).sum(), np.float32)


def trend_marks(sequence: np.ndarray, factors: dict[str, np.ndarray], units: int) -> list[Mark]:
    """The least-squares line of each of the first `units` features."""
    middle = (len(sequence) + 1) / 2
    slopes = trend_target(sequence[None], factors, units, np.random.default_rng(), 0.0)[0]
    lines = [(float(feature.mean()), float(slope)) for feature, slope in zip(sequence.T, slopes, strict=False)]
    return [
        Mark("line", "slope", j, tuple((end, mean + slope * (end - middle)) for end in (1, len(sequence))))
        for j, (mean, slope) in enumerate(lines)
    ]


TASK = Task(
    name="trend",
    title="Trend",
    description="The slope of the straight line that fits the sequence best: up, down or flat.",
    kind="regression",
    target=trend_target,
    marks=trend_marks,
    min_timesteps=2,
)
