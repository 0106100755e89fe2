"""The activations of the trunk in NumPy are those of Keras."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from backend.experiment.activations import TRUNK


@pytest.mark.parametrize("name", TRUNK)
def test_an_activation_is_that_of_keras(name: str) -> None:
    x = np.concatenate([np.linspace(-6, 6, 1001), [-1000.0, 1000.0]]).astype(np.float32)
    expected = np.asarray(keras.activations.get(name)(x))
    np.testing.assert_allclose(TRUNK[name](x), expected, rtol=1e-5, atol=1e-6)
