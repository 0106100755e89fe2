"""PCGrad against its definition on the gradients themselves, in any order."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.two_heads.weightings.gramians import jacobians
from two_heads.weightings import AGGREGATORS


def by_definition(gradients: np.ndarray, orders: np.ndarray) -> np.ndarray:
    """The sum of the projected gradients, computed on vectors."""
    total = np.zeros(gradients.shape[1])
    for i, order in enumerate(orders):
        projected = gradients[i].copy()
        for j in order:
            product = projected @ gradients[j]
            if j != i and product < 0:
                projected -= product / (gradients[j] @ gradients[j]) * gradients[j]
        total += projected
    return total


@given(gradients=jacobians(full_rank=True), seed=st.integers(0, 1000))
def test_the_step_is_the_sum_of_the_projected_gradients(gradients: np.ndarray, seed: int):
    k = len(gradients)
    orders = np.random.default_rng(seed).permuted(np.tile(np.arange(k), (k, 1)), axis=1)
    gradients = gradients / np.linalg.norm(gradients)
    weights = AGGREGATORS["pcgrad"].weights(gradients @ gradients.T, order=orders)
    np.testing.assert_allclose(gradients.T @ weights, by_definition(gradients, orders), atol=1e-9)
