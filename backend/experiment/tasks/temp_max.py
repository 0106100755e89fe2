"""The highest temperature of the next day, in Seattle."""

from __future__ import annotations

import numpy as np

from backend.experiment.sources import WEATHER
from backend.experiment.tasks.base import Mark, Task


def temp_max_target(
    x: np.ndarray, factors: dict[str, np.ndarray], units: int, rng: np.random.Generator, relatedness: float
) -> np.ndarray:
    """Highest temperature of the day after the window, in standard deviations: (n, 1)."""
    return factors["tomorrow"][:, 0:1]


def temp_max_marks(sequence: np.ndarray, factors: dict[str, np.ndarray], units: int) -> list[Mark]:
    """A dot on the day after the window."""
    return [Mark("dot", "the next day", 0, ((len(sequence) + 1, float(factors["tomorrow"][0])),))]


def as_today(factors: dict[str, np.ndarray]) -> np.ndarray:
    """Highest temperature of the last day of the window, as a prediction of the next: (n, 1)."""
    return factors["today"][:, 0:1]


TASK = Task(
    name="temp_max",
    title="Highest temperature",
    description="The highest temperature of the next day.",
    kind="regression",
    target=temp_max_target,
    marks=temp_max_marks,
    guess=as_today,
    units=(1, 1),
    features_per_unit=False,
    source=WEATHER,
)
