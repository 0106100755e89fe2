"""How strong the wind is on the next day, in Seattle."""

from __future__ import annotations

import numpy as np

from backend.experiment.sources import WEATHER
from backend.experiment.tasks.base import Mark, Task


def wind_target(
    x: np.ndarray, factors: dict[str, np.ndarray], units: int, rng: np.random.Generator, relatedness: float
) -> np.ndarray:
    """Wind of the day after the window, in standard deviations: (n, 1)."""
    return factors["tomorrow"][:, 1:2]


def wind_marks(sequence: np.ndarray, factors: dict[str, np.ndarray], units: int) -> list[Mark]:
    """A dot on the day after the window."""
    return [Mark("dot", "the next day", 1, ((len(sequence) + 1, float(factors["tomorrow"][1])),))]


def as_today(factors: dict[str, np.ndarray]) -> np.ndarray:
    """Wind of the last day of the window, as a prediction of the next: (n, 1)."""
    return factors["today"][:, 1:2]


TASK = Task(
    name="wind",
    title="Wind",
    description="How strong the wind is on the next day.",
    kind="regression",
    target=wind_target,
    marks=wind_marks,
    guess=as_today,
    units=(1, 1),
    features_per_unit=False,
    source=WEATHER,
)
