"""CAGrad's and FAMO's toys: two objectives, each with a narrow valley where x₂ > 0, and a wide bowl where x₂ < 0.

At the bottom of a valley one gradient is far longer than the other, so their mean sends a run along the valley's wall.
The best trade-offs lie between the centres of the bowls. In FAMO's toy the first loss is ten times smaller, so the
second drowns it in a mean. Source: the code of Liu and others, Conflict-Averse Gradient Descent for Multi-task Learning
(2021), https://arxiv.org/abs/2110.14048, and FAMO: Fast Adaptive Multitask Optimization (2023),
https://arxiv.org/abs/2306.03792
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.lab.problems.base import Problem
from two_heads.weightings.ops import Array

#: The least argument of a valley's logarithm. Below it, the valley's gradient is 0.
FLOOR = 5e-6
#: The centre of bowl i is at x₁ = -OFFSET · SIDES[i].
OFFSET = 7.0
SIDES = np.array([[-1.0], [1.0]])


def two_valleys(x: np.ndarray) -> Array:
    """Both losses, (2, runs): Lᵢ = fᵢc₁ + gᵢc₂, with the valley fᵢ and the bowl gᵢ.

    c₁ = max(tanh(x₂/2), 0) and c₂ = max(-tanh(x₂/2), 0), so the valley counts for x₂ > 0, the bowl for x₂ < 0.
    """
    wall = -0.5 * x[0] + SIDES * (0.5 * OFFSET - np.tanh(x[1]))
    valley = np.log(np.maximum(np.abs(wall), FLOOR)) + 6
    bowl = ((x[0] + SIDES * OFFSET) ** 2 + 0.1 * (x[1] + 8) ** 2) / 10 - 20
    upper, lower = np.maximum(np.tanh(0.5 * x[1]), 0), np.maximum(np.tanh(-0.5 * x[1]), 0)
    return valley * upper + bowl * lower


def two_valleys_jacobian(x: np.ndarray) -> Array:
    """The gradients of both losses, (2, 2, runs). At x₂ = 0, the derivatives of c₁ and c₂ are ½ and -½."""
    tanh, half = np.tanh(x[1]), np.tanh(0.5 * x[1])
    wall = -0.5 * x[0] + SIDES * (0.5 * OFFSET - tanh)
    depth = np.abs(wall)
    valley = np.log(np.maximum(depth, FLOOR)) + 6
    steep = np.where(depth >= FLOOR, 1 / np.where(wall == 0, 1.0, wall), 0.0)
    bowl = ((x[0] + SIDES * OFFSET) ** 2 + 0.1 * (x[1] + 8) ** 2) / 10 - 20
    upper, lower = np.maximum(half, 0), np.maximum(-half, 0)
    slope = 0.5 * (1 - half**2)
    upper_slope, lower_slope = np.where(half >= 0, slope, 0.0), np.where(half <= 0, -slope, 0.0)
    along_first = -0.5 * steep * upper + 0.2 * (x[0] + SIDES * OFFSET) * lower
    along_second = (
        -SIDES * (1 - tanh**2) * steep * upper + valley * upper_slope + 0.02 * (x[1] + 8) * lower + bowl * lower_slope
    )
    return np.stack([along_first, along_second], axis=1)


def two_valleys_front(points: int = 401) -> Array:
    """The Pareto front, (2, points): for each weighting of the two bowls, their lowest point.

    x₁ goes from -7 to 7, and x₂ is where the derivative of the weighted g · c₂ by x₂ is 0: between -8.44 and -8.35.
    """
    first = np.linspace(-7, 7, points)
    second = np.full(points, -8.4)
    for _ in range(40):
        half = np.tanh(-0.5 * second)
        bowl = (49 - first**2) / 10 + 0.01 * (second + 8) ** 2 - 20
        second = -8 + bowl * 0.5 * (1 - half**2) / (0.02 * half)
    return np.stack([first, second])


def two_valleys_distance(x: np.ndarray) -> Array:
    """How far each x is from the Pareto front, (runs,)."""
    apart = x[:, :, None] - two_valleys_front()[:, None, :]
    return np.sqrt((apart**2).sum(axis=0).min(axis=-1))


#: The scale of each loss in FAMO's toy.
SCALES = np.array([[0.1], [1.0]])


def scaled_valleys(x: np.ndarray) -> Array:
    """Both losses, the first ten times smaller, (2, runs)."""
    return SCALES * two_valleys(x)


def scaled_valleys_jacobian(x: np.ndarray) -> Array:
    """Their gradients, (2, 2, runs)."""
    return SCALES[:, None] * two_valleys_jacobian(x)


#: The window is that of the papers' pictures.
CAGRAD_TOY = Problem(
    key="cagrad_toy",
    title="CAGrad's two valleys",
    losses=two_valleys,
    jacobian=two_valleys_jacobian,
    distance=two_valleys_distance,
    starts=((-8.5, 7.5), (-8.5, -5.0), (9.0, 9.0)),
    lowest=(-21.0, -21.0),
    tolerance=0.1,
    front=two_valleys_front,
    window=((-10.0, 10.0), (-10.0, 10.0)),
)
FAMO_TOY = replace(
    CAGRAD_TOY,
    key="famo_toy",
    title="FAMO's two valleys of unequal scale",
    losses=scaled_valleys,
    jacobian=scaled_valleys_jacobian,
    starts=((-8.5, 7.5), (0.0, 0.0), (9.0, 9.0), (-7.5, -0.5), (9.0, -1.0)),
    lowest=(-2.1, -21.0),
)
