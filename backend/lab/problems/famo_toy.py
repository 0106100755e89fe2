"""FAMO's toy: the objectives of CAGrad's toy, the first of them ten times smaller, so the second drowns it in a mean.

Source: the code of Liu and others, FAMO: Fast Adaptive Multitask Optimization (2023), https://arxiv.org/abs/2306.03792
"""

from __future__ import annotations

import numpy as np

from backend.lab.problems.base import Problem
from backend.lab.problems.two_valleys import (
    WINDOW,
    two_valleys,
    two_valleys_distance,
    two_valleys_front,
    two_valleys_jacobian,
)
from two_heads.weightings.ops import Array

#: The scale of each loss.
SCALES = np.array([[0.1], [1.0]])


def scaled_valleys(x: np.ndarray) -> Array:
    """Both losses, the first ten times smaller, (2, runs)."""
    return SCALES * two_valleys(x)


def scaled_valleys_jacobian(x: np.ndarray) -> Array:
    """Their gradients, (2, 2, runs)."""
    return SCALES[:, None] * two_valleys_jacobian(x)


PROBLEM = Problem(
    key="famo_toy",
    title="FAMO's two valleys of unequal scale",
    losses=scaled_valleys,
    jacobian=scaled_valleys_jacobian,
    distance=two_valleys_distance,
    starts=((-8.5, 7.5), (0.0, 0.0), (9.0, 9.0), (-7.5, -0.5), (9.0, -1.0)),
    lowest=(-2.1, -21.0),
    tolerance=0.1,
    front=two_valleys_front,
    window=WINDOW,
)
