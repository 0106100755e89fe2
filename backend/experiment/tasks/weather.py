"""Which type of weather does the next day have, in Seattle?"""

from __future__ import annotations

import numpy as np

from backend.experiment.sources import WEATHER
from backend.experiment.tasks.base import Mark, Task


def weather_target(
    x: np.ndarray, factors: dict[str, np.ndarray], units: int, rng: np.random.Generator, relatedness: float
) -> np.ndarray:
    """One-hot type of the day after the window: drizzle, fog, rain, snow or sun: (n, 5)."""
    return factors["tomorrow"][:, 5:10]


def weather_marks(sequence: np.ndarray, factors: dict[str, np.ndarray], units: int) -> list[Mark]:
    """The name of the type."""
    return [Mark("word", ("drizzle", "fog", "rain", "snow", "sun")[int(np.argmax(factors["tomorrow"][5:10]))])]


TASK = Task(
    name="weather",
    title="Weather",
    description="The type of weather on the next day: drizzle, fog, rain, snow or sun.",
    kind="multiclass",
    target=weather_target,
    marks=weather_marks,
    units=(5, 5),
    features_per_unit=False,
    source=WEATHER,
)
