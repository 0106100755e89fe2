"""Three heads on one neuron: Dense(1) → 3 × Dense(1). The neuron can fully serve the target of one head at most.

Inputs are standard normal. Head i's target is uᵢ·x, and its kernel is at its optimum for the neuron's direction v. So
its mean squared error is 1 - (uᵢ·v)². The best for the worst head lies between two of the targets.
Source: made here, after Hu and others, Revisiting Scalarization (2023), https://arxiv.org/abs/2308.13985
"""

from __future__ import annotations

import numpy as np

from backend.lab.problems.base import Problem
from two_heads.weightings.ops import Array

#: The cosine between any two targets.
COSINE = -0.4
#: The three targets, one a row, each of length 1.
TARGETS = np.linalg.cholesky((1 - COSINE) * np.eye(3) + COSINE)
#: The directions with the least loss of the worst head, one a row: between two targets. Their signs do not matter.
BEST = np.stack([TARGETS[0] + TARGETS[1], TARGETS[0] + TARGETS[2], TARGETS[1] + TARGETS[2]]) / np.sqrt(2 + 2 * COSINE)


def one_neuron(x: np.ndarray) -> Array:
    """The three losses, (3, runs). x is the neuron's kernel; only its direction matters."""
    return 1 - (TARGETS @ x) ** 2 / (x**2).sum(axis=0)


def one_neuron_jacobian(x: np.ndarray) -> Array:
    """Their gradients, (3, 3, runs)."""
    squared, along = (x**2).sum(axis=0), TARGETS @ x
    return 2 * (along / squared)[:, None] * ((along / squared)[:, None] * x - TARGETS[:, :, None])


def one_neuron_distance(x: np.ndarray) -> Array:
    """How far the direction of each x is from the nearest of the best directions, (runs,)."""
    cosine = np.abs(BEST @ (x / np.sqrt((x**2).sum(axis=0)))).max(axis=0)
    return np.sqrt(np.maximum(2 - 2 * cosine, 0))


def one_neuron_starts(count: int) -> Array:
    """Random directions, (3, count): always the same ones."""
    x = np.random.default_rng(0).normal(size=(count, 3)).T
    return x / np.sqrt((x**2).sum(axis=0))


PROBLEM = Problem(
    key="one_neuron",
    title="Three heads on one neuron",
    losses=one_neuron,
    jacobian=one_neuron_jacobian,
    distance=one_neuron_distance,
    lowest=(0.0, 0.0, 0.0),
    tolerance=0.05,
)  # fmt: skip
