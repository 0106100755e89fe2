"""IMTL-G against its definition."""

import numpy as np
from hypothesis import given

from tests.two_heads.weightings.gramians import independent_jacobians
from two_heads.weightings import AGGREGATORS


@given(gradients=independent_jacobians())
def test_imtl_g_goes_equally_far_along_every_gradient(gradients: np.ndarray):
    lengths = np.linalg.norm(gradients, axis=1)
    directions = gradients / lengths[:, None]
    weights = AGGREGATORS["imtl_g"].weights(gradients @ gradients.T)
    assert np.isclose(weights.sum(), 1)
    along = directions @ (gradients.T @ weights)
    np.testing.assert_allclose(along, along[0], atol=1e-8 * (lengths * np.abs(weights)).max())


def test_where_no_step_goes_equally_far_the_mean_takes_its_place():
    signs = np.array([1.0, -1, -3, 2])
    np.testing.assert_array_equal(AGGREGATORS["imtl_g"].weights(np.outer(signs, signs)), 0.25)
