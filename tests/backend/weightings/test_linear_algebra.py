"""IMTL-G and Aligned-MTL, which are linear algebra alone, against their definitions."""

import numpy as np
from hypothesis import assume, given

from backend.weightings import AGGREGATORS
from tests.backend.weightings.gramians import jacobians


@given(gradients=jacobians(full_rank=True))
def test_imtl_g_goes_equally_far_along_every_gradient(gradients: np.ndarray):
    lengths = np.linalg.norm(gradients, axis=1)
    directions = gradients / lengths[:, None]
    assume(np.linalg.eigvalsh(directions @ directions.T).min() > 1e-4)
    weights = AGGREGATORS["imtl_g"].weights(gradients @ gradients.T)
    assert np.isclose(weights.sum(), 1)
    assume(np.abs(weights).max() < 100)
    along = directions @ (gradients.T @ weights)
    np.testing.assert_allclose(along, along[0], atol=1e-6 * lengths.max())


@given(gradients=jacobians(full_rank=True))
def test_aligned_mtl_is_the_mean_of_orthogonal_gradients_of_one_length(gradients: np.ndarray):
    _, sizes, _ = np.linalg.svd(gradients, full_matrices=False)
    assume(sizes.min() > 1e-2 * sizes.max())
    u, sizes, v = np.linalg.svd(gradients, full_matrices=False)
    expected = (sizes.min() * u @ v).mean(axis=0)
    weights = AGGREGATORS["aligned_mtl"].weights(gradients @ gradients.T)
    np.testing.assert_allclose(gradients.T @ weights, expected, atol=1e-6 * sizes.max())
