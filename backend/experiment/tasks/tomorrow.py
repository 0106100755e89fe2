"""Tasks that predict a number of the day after the window, in Seattle: what they have in common."""

from __future__ import annotations

from functools import partial

import numpy as np

from backend.experiment.sources import WEATHER
from backend.experiment.tasks.base import Mark, Target, Task


def number_of_tomorrow(name: str, title: str, description: str, column: int, target: Target) -> Task:
    """A task whose `target` is the number in that column of the next day. Its guess is the number of the last day."""
    return Task(
        name=name,
        title=title,
        description=description,
        kind="regression",
        target=target,
        marks=partial(_marks, column),
        guess=partial(_as_today, column),
        units=(1, 1),
        features_per_unit=False,
        source=WEATHER,
    )


def _marks(column: int, sequence: np.ndarray, factors: dict[str, np.ndarray], units: int) -> list[Mark]:
    """A dot on the day after the window."""
    return [Mark("dot", "the next day", column, ((len(sequence) + 1, float(factors["tomorrow"][column])),))]


def _as_today(column: int, factors: dict[str, np.ndarray]) -> np.ndarray:
    """The number of the last day of the window, as a prediction of the next: (n, 1)."""
    return factors["today"][:, column : column + 1]
