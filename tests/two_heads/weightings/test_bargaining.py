"""The equation of Nash-MTL and FairGrad."""

import numpy as np
import pytest
from hypothesis import given

from tests.two_heads.weightings.gramians import independent_jacobians
from two_heads.weightings import AGGREGATORS


@given(gradients=independent_jacobians())
def test_every_head_gains_the_same_percentage(gradients: np.ndarray):
    """Gα = 1/α: weight times first-order gain is 1 for every head."""
    gramian = gradients @ gradients.T
    weights = AGGREGATORS["fairgrad"].weights(gramian)
    assert weights.min() > 0
    np.testing.assert_allclose(weights * (gramian @ weights), 1, atol=1e-8)


@given(gradients=independent_jacobians())
def test_the_step_has_the_length_root_k_and_nash_clips_it(gradients: np.ndarray):
    gramian, k = gradients @ gradients.T, len(gradients)
    fair, nash = (gradients.T @ AGGREGATORS[key].weights(gramian) for key in ("fairgrad", "nash"))
    assert np.linalg.norm(fair) == pytest.approx(np.sqrt(k))
    assert np.linalg.norm(nash) == pytest.approx(1)
    np.testing.assert_allclose(nash * np.sqrt(k), fair, atol=1e-8)
