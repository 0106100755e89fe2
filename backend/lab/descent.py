"""Runs methods on a problem with a known answer, from all of its starts at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from backend.lab import many
from backend.lab.problems import Problem
from backend.lab.steps import FromGradients, FromLosses, adam, descend, sgd
from backend.lab.two_heads import TWO_HEADS
from two_heads.weightings import AGGREGATORS, SCALARIZERS, Aggregator, Scalarizer

Optimizer = Literal["adam", "sgd"]
CHANGES = {"adam": adam, "sgd": sgd}

#: The most points of a trajectory that are recorded after its start.
POINTS = 150


@dataclass(frozen=True)
class Entry:
    """A method as it takes part in a comparison: one of `two_heads.weightings`, perhaps with other hyperparameters.

    `values` are arguments of an aggregator's function, or entries of a scalarizer's state: a number, K numbers, or
    (K, runs) with a column for each run.
    """

    method: Aggregator | Scalarizer
    title: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def closed_form(self, k: int) -> Callable[..., np.ndarray] | None:
        """The method's closed form; None if it has none. Only aggregators of two losses have one."""
        return TWO_HEADS.get(self.method.key) if k == 2 and isinstance(self.method, Aggregator) else None

    def runnable(self, k: int) -> FromGradients | FromLosses:
        """The method as `descend` runs it on K losses. A closed form is quicker, so it is used if there is one."""
        if isinstance(self.method, Aggregator):
            return FromGradients(self.closed_form(k) or self.method.on(many).function, **self.values)
        method = self.method.on(many)
        state = method.initial(k) | {name: column(value) for name, value in self.values.items()}
        return FromLosses(method.weights, state, method.before_step, method.gradients, method.after_step)


@dataclass(frozen=True)
class Path:
    """What one method did: the recorded `steps` (points,), and `x` at these, (points, n, runs)."""

    steps: tuple[int, ...]
    x: np.ndarray

    @property
    def end(self) -> np.ndarray:
        """x after the last step, (n, runs)."""
        return np.asarray(self.x[-1])


def column(value: Any) -> np.ndarray:
    """A number or K numbers as an array that is the same in all runs; (K, runs) as it is."""
    array = np.asarray(value, np.float64)
    return array if array.ndim == 2 else array[..., None]


def aggregator(key: str, title: str = "", **arguments: float) -> Entry:
    """The aggregator, with these arguments in place of its defaults."""
    return Entry(AGGREGATORS[key], title or AGGREGATORS[key].title, arguments)


def scalarizer(key: str, title: str = "", **state: Any) -> Entry:
    """The scalarizer, with these entries of its initial state."""
    return Entry(SCALARIZERS[key], title or SCALARIZERS[key].title, state)


def run(
    problem: Problem,
    entries: Mapping[str, Entry],
    *,
    optimizer: Optimizer = "adam",
    rate: float,
    steps: int,
    start: np.ndarray | None = None,
    points: int = POINTS,
    progress: Callable[[float], None] = lambda share: None,
) -> dict[str, Path]:
    """Run each method on the problem. Returns its path by its key. `start` (n, runs) replaces the problem's own starts.

    At most `points` points are recorded after the start. `progress` is called with the share of the steps that are
    done. An exception that it raises ends the descent.
    """
    start = problem.start() if start is None else start
    methods = {key: entry.runnable(problem.k) for key, entry in entries.items()}
    at, x = descend(
        problem.losses, problem.jacobian, start, methods, CHANGES[optimizer], rate, steps, points, progress
    )  # fmt: skip
    return {key: Path(tuple(at), x[key]) for key in entries}
