"""Two losses in 20 dimensions with a concave front: between its ends, a weighted sum of them has no minimum.

Source: Fonseca and Fleming (1995), as in Lin and others, Smooth Tchebycheff Scalarization (2024),
https://arxiv.org/abs/2402.19078
"""

from __future__ import annotations

import numpy as np

from backend.lab.problems.base import Problem
from two_heads.weightings.ops import Array

DIMENSIONS = 20
#: The minimum of the first loss; that of the second is at -CENTRE. Its length is 1.
CENTRE = np.full((DIMENSIONS, 1), DIMENSIONS**-0.5)


def concave_front(x: np.ndarray) -> Array:
    """Both losses, (2, runs): 1 - exp(-‖x ∓ CENTRE‖²)."""
    return np.stack([1 - np.exp(-((x - side * CENTRE) ** 2).sum(axis=0)) for side in (1, -1)])


def concave_front_jacobian(x: np.ndarray) -> Array:
    """Their gradients, (2, 20, runs)."""
    offsets = np.stack([x - side * CENTRE for side in (1, -1)])
    return 2 * offsets * np.exp(-(offsets**2).sum(axis=1))[:, None]


def concave_front_distance(x: np.ndarray) -> Array:
    """How far each x is from the front: the straight line from -CENTRE to CENTRE, (runs,)."""
    along = np.clip((x * CENTRE).sum(axis=0), -1, 1)
    return np.sqrt(((x - along * CENTRE) ** 2).sum(axis=0))


def concave_front_points(points: int = 201) -> Array:
    """Points of the front, from the minimum of the second loss to that of the first, (20, points)."""
    return CENTRE * np.linspace(-1, 1, points)


def concave_front_starts(count: int) -> Array:
    """Random starts of length about 1, (20, count): always the same ones."""
    return np.random.default_rng(0).normal(0, DIMENSIONS**-0.5, (count, DIMENSIONS)).T


PROBLEM = Problem(
    key="concave_front",
    title="A concave front",
    losses=concave_front,
    jacobian=concave_front_jacobian,
    distance=concave_front_distance,
    lowest=(0.0, 0.0),
    tolerance=0.01,
    front=concave_front_points,
)
