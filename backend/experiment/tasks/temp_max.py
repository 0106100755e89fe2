"""The highest temperature of the next day, in Seattle."""

from __future__ import annotations

import numpy as np

from backend.experiment.tasks.tomorrow import number_of_tomorrow


def temp_max_target(
    x: np.ndarray, factors: dict[str, np.ndarray], units: int, rng: np.random.Generator, relatedness: float
) -> np.ndarray:
    """Highest temperature of the day after the window, in standard deviations: (n, 1)."""
    return factors["tomorrow"][:, 0:1]


TASK = number_of_tomorrow(
    "temp_max", "Highest temperature", "The highest temperature of the next day.", 0, temp_max_target
)
