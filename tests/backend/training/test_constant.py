"""The loss of the best constant outputs: no constant has less, and the best one has as much, in Keras's own losses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.experiment.dataset import generate
from backend.training.constant import constant_losses
from tests.strategies import experiments


def loss(kind, y, outputs):
    """Keras's loss of these outputs, in float64."""
    errors = np.abs(y - outputs)
    if kind in ("mse", "mae"):
        return float((errors**2 if kind == "mse" else errors).mean())
    if kind == "huber":
        return float(np.where(errors <= 1, errors**2 / 2, errors - 0.5).mean())
    p = np.clip(outputs, 1e-7, 1 - 1e-7)
    if kind == "binary_crossentropy":
        return float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean())
    return float(-(y * np.log(p)).sum(axis=1).mean())


def compared(setting, name):
    """The targets on which a head's losses are compared."""
    train, validating = setting.training.split(setting.sequences.samples)
    y = generate(setting.architecture, setting.sequences).y[name].astype(np.float64)
    return y[train : train + validating] if validating else y[:train]


@settings(max_examples=20)
@given(experiments(small=True), st.data())
def test_no_constant_outputs_have_a_lower_loss(setting, data):
    found = constant_losses(setting)
    for head in setting.architecture.heads:
        y = compared(setting, head.name)
        low, high = (0.0, 1.0) if "crossentropy" in head.loss else (float(y.min()), float(y.max()))
        outputs = np.array([data.draw(st.floats(low, high)) for _ in range(head.units)])
        if head.loss == "categorical_crossentropy":
            outputs = outputs / max(outputs.sum(), 1e-7)
        assert loss(head.loss, y, outputs) >= found[head.name] * (1 - 1e-6) - 1e-6
        # Each unit's best constant is near this one, or has the same loss.
        fine = np.linspace(low, high, 401)
        if head.loss != "categorical_crossentropy":
            least = np.mean([min(loss(head.loss, y[:, [i]], value) for value in fine) for i in range(head.units)])
            assert least == pytest.approx(found[head.name], rel=0.02, abs=0.01)


@pytest.mark.slow
def test_keras_gives_the_mean_prediction_that_loss():
    import keras

    from tests.backend.training.losses import experiment

    setting = experiment()
    y = compared(setting, "mean")
    outputs = np.repeat(y.mean(axis=0, keepdims=True), len(y), axis=0)
    assert float(keras.losses.MeanSquaredError()(y, outputs)) == pytest.approx(constant_losses(setting)["mean"])
