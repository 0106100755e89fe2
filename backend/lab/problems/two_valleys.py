"""The two objectives of CAGrad's toy: where x₂ > 0, each has a valley; where x₂ < 0, each is a bowl.

At the bottom of a valley one gradient is far longer than the other, so their mean sends a run along the valley's wall.
`cagrad_toy.py` takes the losses as they are, `famo_toy.py` makes the first ten times smaller.
"""

from __future__ import annotations

import numpy as np

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


#: The limits of x₁ and x₂ in the papers' pictures.
WINDOW = ((-10.0, 10.0), (-10.0, 10.0))
