"""What is in a column of a visitor's own table, some rows after the window: a number, yes or no, or a class."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from backend.experiment.losses import Kind
from backend.experiment.own_table import MOST_CLASSES, MOST_COLUMNS
from backend.experiment.sources import OWN
from backend.experiment.tasks.base import Mark, Target, Task
from backend.experiment.windows import class_target, number_target, yes_target

#: The functions that make targets, by the beginning of the names of their tasks.
TARGETS: dict[str, tuple[Kind, Callable[..., np.ndarray]]] = {
    "number": ("regression", number_target),
    "yes": ("binary", yes_target),
    "class": ("multiclass", class_target),
}


def column_of(task: str) -> int:
    """The position of the column that the task is about, from 0."""
    return int(task.rpartition("_")[2]) - 1


def target_of(task: str) -> Callable[..., np.ndarray]:
    """The function of `backend.experiment.windows` that makes the targets of the task."""
    return TARGETS[task.rpartition("_")[0]][1]


def _target(make: Callable[..., np.ndarray], column: int) -> Target:
    return lambda x, factors, units, rng, relatedness: make(factors, column, units)


def _last(column: int, factors: dict[str, np.ndarray]) -> np.ndarray:
    """The number in the last row of the window, as a prediction: (n, 1)."""
    return factors["now"][:, column : column + 1]


def _dot(column: int, sequence: np.ndarray, factors: dict[str, np.ndarray], units: int) -> list[Mark]:
    """A dot on the predicted row. The `factors` of the sequence say on which feature, and how many rows ahead."""
    at = len(sequence) + int(factors["ahead"]), float(factors["then"][column])
    if factors["feature"][column] < 0:
        return []  # the column is not drawn
    return [Mark("dot", "the predicted row", int(factors["feature"][column]), (at,))]


def _word(column: int, sequence: np.ndarray, factors: dict[str, np.ndarray], units: int) -> list[Mark]:
    """The word or number in the table that the class stands for."""
    return [Mark("word", str(factors["value"][column]))]


def _task(name: str, column: int) -> Task:
    kind, make = TARGETS[name]
    number = name == "number"
    return Task(
        name=f"{name}_{column + 1}",
        title=f"Column {column + 1}",
        description="",
        kind=kind,
        target=_target(make, column),
        units=(2, MOST_CLASSES) if name == "class" else (1, 1),
        features_per_unit=False,
        marks=partial(_dot if number else _word, column),
        guess=partial(_last, column) if number else None,
        source=OWN,
    )


TASKS = tuple(_task(name, column) for column in range(MOST_COLUMNS) for name in TARGETS)
