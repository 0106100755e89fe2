"""Does it rain on the next day, in Seattle?"""

from __future__ import annotations

import numpy as np

from backend.experiment.sources import WEATHER
from backend.experiment.tasks.base import Task


def rain_target(
    x: np.ndarray, factors: dict[str, np.ndarray], units: int, rng: np.random.Generator, relatedness: float
) -> np.ndarray:
    """1 where there is precipitation on the day after the window, else 0: (n, 1)."""
    return factors["tomorrow"][:, 4:5]


TASK = Task(
    name="rain",
    title="Rain?",
    description="Yes or no: is there precipitation on the next day?",
    kind="binary",
    target=rain_target,
    units=(1, 1),
    features_per_unit=False,
    source=WEATHER,
)
