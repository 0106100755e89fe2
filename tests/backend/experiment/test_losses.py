"""Each loss's entry computes what Keras's own loss does, for the outputs that its kinds of tasks can have."""

import numpy as np
import pytest

from backend.experiment.losses import LOSSES

RNG = np.random.default_rng(0)
#: Outputs and targets of three units, by kind. A probability of 0 is clipped by Keras.
OUTPUTS = {
    "regression": np.array([0.3, -2.0, 0.0]),
    "binary": np.array([0.2, 0.9, 0.0]),
    "multiclass": np.array([0.2, 0.8, 0.0]),
}
TARGETS = {
    "regression": RNG.normal(scale=2, size=(50, 3)),
    "binary": RNG.integers(2, size=(50, 3)).astype(float),
    "multiclass": np.eye(3)[RNG.integers(3, size=50)],
}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name, each in LOSSES.items() for kind in each.kinds])
def test_the_loss_of_constant_outputs_is_that_of_keras(name, kind):
    import keras

    y = TARGETS[kind]
    outputs = np.broadcast_to(OUTPUTS[kind], y.shape)
    made = getattr(keras.losses, LOSSES[name].keras)(dtype="float64")
    assert LOSSES[name].of(y, OUTPUTS[kind]) == pytest.approx(float(made(y, outputs)), rel=1e-6)


def test_the_explained_share_of_squared_errors_is_that_of_the_variance_and_of_classes_that_of_the_likelihood():
    assert LOSSES["mse"].explained(0.25, 1.0) == 0.75
    # Two likelihoods of 1/2 and 1/4 a sequence: 1 − (1/4 ÷ 1/2)² (Cox and Snell).
    halves = LOSSES["binary_crossentropy"].explained(np.log(2), np.log(4))
    assert halves == pytest.approx(0.75)
