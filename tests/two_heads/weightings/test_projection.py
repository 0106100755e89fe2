"""The quadratic problem against all active sets one by one, and what the methods built on it promise."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.two_heads.weightings.gramians import jacobians
from two_heads.weightings import AGGREGATORS
from two_heads.weightings.projection import onto_dual_cone


def by_enumeration(matrix: np.ndarray, linear: np.ndarray) -> np.ndarray:
    """The best of the minima over every set of free entries that is nonnegative."""
    k = len(matrix)
    best = np.zeros(k)
    for chosen in product((False, True), repeat=k):
        free = np.array(chosen)
        z = np.zeros(k)
        z[free] = np.linalg.solve(matrix[np.ix_(free, free)], linear[free])
        if (z >= 0).all() and z @ matrix @ z / 2 - linear @ z < best @ matrix @ best / 2 - linear @ best:
            best = z
    return best


def regularised(gramian: np.ndarray, by: float) -> np.ndarray:
    return gramian / np.trace(gramian) + by * np.eye(len(gramian))


def unit(gradients: np.ndarray) -> np.ndarray:
    return gradients / np.sqrt((gradients**2).sum(axis=1).max())


@given(gradients=jacobians(), seed=st.integers(0, 1000))
def test_the_projection_onto_the_dual_cone_is_optimal(gradients: np.ndarray, seed: int):
    """It conflicts with no gradient, and adds only gradients that it is orthogonal to: the conditions for nearest."""
    gramian = gradients @ gradients.T
    given_weights = np.random.default_rng(seed).normal(size=(2, len(gramian)))
    weights = onto_dual_cone(gramian, given_weights)
    products = weights @ regularised(gramian, 1e-4)
    added = weights - given_weights
    assert added.min() >= 0
    assert products.min() > -1e-8
    np.testing.assert_allclose(added * products, 0, atol=1e-7)


@given(gradients=jacobians(largest=4))
def test_upgrad_and_dualproj_are_those_of_all_active_sets(gradients: np.ndarray):
    k = len(gradients)
    gramian = regularised(gradients @ gradients.T, 1e-4)
    rows = np.eye(k) / k
    each = np.array([row + by_enumeration(gramian, -gramian @ row) for row in rows])
    mean = rows.sum(axis=0) + by_enumeration(gramian, -gramian @ rows.sum(axis=0))
    np.testing.assert_allclose(AGGREGATORS["upgrad"].weights(gradients @ gradients.T), each.sum(axis=0), atol=1e-6)
    np.testing.assert_allclose(AGGREGATORS["dualproj"].weights(gradients @ gradients.T), mean, atol=1e-6)


@given(gradients=jacobians())
def test_mgda_is_the_shortest_weighted_mean(gradients: np.ndarray):
    """With the shortest d, no gradient's product with it is below |d|²."""
    gradients = unit(gradients)
    weights = AGGREGATORS["mgda"].weights(gradients @ gradients.T)
    step = gradients.T @ weights
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1)
    assert (gradients @ step).min() >= step @ step - 1e-4


@given(gradients=jacobians(), c=st.sampled_from([0.0, 0.4, 0.5, 0.9]))
def test_cagrad_helps_the_worst_head_most_within_its_ball(gradients: np.ndarray, c: float):
    """The dual problem has the same value: the least over the simplex of gᵀ mean + c |mean| |g|, at g = Jᵀw."""
    gradients = unit(gradients)
    mean = gradients.mean(axis=0)
    weights = AGGREGATORS["cagrad"].weights(gradients @ gradients.T, c=c)
    pull = weights - 1 / len(weights)
    assert pull.min() >= -1e-9
    radius = c * np.linalg.norm(mean)
    assert np.linalg.norm(gradients.T @ pull) <= radius + 1e-5
    worst = (gradients @ (gradients.T @ weights)).min()
    if pull.sum() > 1e-9:
        direction = gradients.T @ (pull / pull.sum())
        assert worst >= direction @ mean + radius * np.linalg.norm(direction) - 1e-4
