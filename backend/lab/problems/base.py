"""What a problem is: K losses of a few numbers, with a known answer. A method needs no network for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from backend.scripts.source import Function, with_helpers
from two_heads.weightings.ops import Array


@dataclass(frozen=True, kw_only=True)
class Problem:
    """K losses of n numbers. All functions take x (n, runs) and return one column for each run.

    `losses(x)` is (K, runs) and `jacobian(x)` their gradients, (K, n, runs). `distance(x)` (runs,) is how far x is, in
    the space of x, from the nearest known answer: a point of the Pareto front, or the best point if the problem says
    so. A run has arrived if this is at most `tolerance`.

    `starts` are the points from which question 3 tries methods. `lowest` is the least value of each loss, for FAMO.

    `front()` returns points along the Pareto front, (n, points), to be drawn; None if the answer is a single point.
    `window` is what a picture shows: the limits of x₁ and of x₂, for n = 2.
    """

    key: str
    title: str
    losses: Callable[[np.ndarray], np.ndarray]
    jacobian: Callable[[np.ndarray], np.ndarray]
    distance: Callable[[np.ndarray], np.ndarray]
    lowest: tuple[float, ...]
    tolerance: float
    starts: tuple[tuple[float, float], ...] = ()
    front: Callable[[], Array] | None = None
    window: tuple[tuple[float, float], tuple[float, float]] | None = None

    @property
    def functions(self) -> tuple[Function, ...]:
        """The functions that compute losses, Jacobian and distance, each after those that it calls."""
        return with_helpers(self.losses, self.jacobian, self.distance)

    @property
    def k(self) -> int:
        """The number of losses."""
        return len(self.lowest)

    def contour(self, points: int = 81) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """x₁ (points,), x₂ (points,) and the mean loss on that grid, (points of x₂, points of x₁), for a picture.

        Only a problem with a window has it.
        """
        assert self.window is not None
        first, second = (np.linspace(low, high, points) for low, high in self.window)
        grid = np.stack([each.ravel() for each in np.meshgrid(first, second)])
        return first, second, self.losses(grid).mean(axis=0).reshape(points, points)
