"""The second of a pair of tasks with adjustable relatedness.

Source: Ma et al. 2018, "Modeling Task Relationships in Multi-task Learning with Multi-gate Mixture-of-Experts", §3.2.
"""

from __future__ import annotations

import numpy as np

from backend.experiment.tasks.base import Task


def related_b_target(
    x: np.ndarray, factors: dict[str, np.ndarray], units: int, rng: np.random.Generator, relatedness: float
) -> np.ndarray:
    """wᵀx + Σⱼ sin(αⱼwᵀx + βⱼ) of the flattened sequence x, with w = ρu₁ + √(1 − ρ²)u₂: (n, units).

    Each unit has its own orthonormal u₁ and u₂. The values of a sequence are correlated, so u₂ is also chosen such
    that u₁ᵀx and u₂ᵀx are uncorrelated. For the paper's independent values, orthonormal vectors are enough.
    """
    flat = x.reshape(len(x), -1).astype(np.float64)
    flat -= flat.mean(axis=0)
    first, second = np.moveaxis(rng.normal(size=(units, 2, flat.shape[1])), 1, 0)
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    # einsum and not @, because its sums do not depend on the number of threads
    projection = np.einsum("nd,ud->nu", flat, first)
    shared = np.einsum("nd,nu->ud", flat, projection)
    shared -= (shared * first).sum(axis=1, keepdims=True) * first
    shared /= np.linalg.norm(shared, axis=1, keepdims=True)
    second -= (second * first).sum(axis=1, keepdims=True) * first
    second -= (second * shared).sum(axis=1, keepdims=True) * shared
    second /= np.linalg.norm(second, axis=1, keepdims=True)
    weights = relatedness * first + np.sqrt(1 - relatedness**2) * second
    z = np.einsum("nd,ud->nu", flat, weights)
    return np.asarray(z + sum(np.sin(a * z + b) for a, b in ((0.25, 0.0), (0.5, 0.5), (1.0, 1.0))), np.float32)


TASK = Task(
    name="related_b",
    title="Related pair, b",
    description="The counterpart of “Related pair, a”. The relatedness ρ sets how much the two tasks have in common.",
    kind="regression",
    target=related_b_target,
    min_timesteps=3,
    features_per_unit=False,
)
