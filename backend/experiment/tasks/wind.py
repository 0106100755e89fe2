"""How strong the wind is on the next day, in Seattle."""

from __future__ import annotations

import numpy as np

from backend.experiment.tasks.tomorrow import number_of_tomorrow


def wind_target(
    x: np.ndarray, factors: dict[str, np.ndarray], units: int, rng: np.random.Generator, relatedness: float
) -> np.ndarray:
    """Wind of the day after the window, in standard deviations: (n, 1)."""
    return factors["tomorrow"][:, 1:2]


TASK = number_of_tomorrow("wind", "Wind", "How strong the wind is on the next day.", 1, wind_target)
