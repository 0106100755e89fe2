"""Aligned-MTL against its definition."""

import numpy as np
from hypothesis import assume, given

from backend.weightings import AGGREGATORS
from tests.backend.weightings.gramians import jacobians


@given(gradients=jacobians(full_rank=True))
def test_aligned_mtl_is_the_mean_of_orthogonal_gradients_of_one_length(gradients: np.ndarray):
    _, sizes, _ = np.linalg.svd(gradients, full_matrices=False)
    assume(sizes.min() > 1e-2 * sizes.max())
    u, sizes, v = np.linalg.svd(gradients, full_matrices=False)
    expected = (sizes.min() * u @ v).mean(axis=0)
    weights = AGGREGATORS["aligned_mtl"].weights(gradients @ gradients.T)
    np.testing.assert_allclose(gradients.T @ weights, expected, atol=1e-6 * sizes.max())
