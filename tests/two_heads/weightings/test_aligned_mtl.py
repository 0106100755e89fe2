"""Aligned-MTL against its definition."""

import numpy as np
from hypothesis import given

from tests.two_heads.weightings.gramians import independent_jacobians
from two_heads.weightings import AGGREGATORS


@given(gradients=independent_jacobians())
def test_aligned_mtl_is_the_mean_of_orthogonal_gradients_of_one_length(gradients: np.ndarray):
    u, sizes, v = np.linalg.svd(gradients, full_matrices=False)
    expected = (sizes.min() * u @ v).mean(axis=0)
    weights = AGGREGATORS["aligned_mtl"].weights(gradients @ gradients.T)
    np.testing.assert_allclose(gradients.T @ weights, expected, atol=1e-6 * sizes.max())
