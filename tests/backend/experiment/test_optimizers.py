"""Each optimizer's entry says what Keras's own does: its default rate, and what it makes of a factor of the loss."""

import inspect

import pytest

from backend.experiment.optimizers import OPTIMIZERS


def step(optimizer, gradient):
    """How far Keras moves a weight of 0 in the second of two steps with this gradient."""
    import keras

    weight = keras.Variable([0.0])
    made = eval(OPTIMIZERS[optimizer].source(0.01), {"keras": keras})
    made.build([weight])
    made.apply([keras.ops.convert_to_tensor([gradient])])
    before = float(weight[0])
    made.apply([keras.ops.convert_to_tensor([gradient])])
    return float(weight[0]) - before


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_step_changes_with_a_factor_as_the_entry_says(optimizer):
    floor = OPTIMIZERS[optimizer].floor
    if floor is None:
        assert step(optimizer, 2e-3) == pytest.approx(2 * step(optimizer, 1e-3), rel=0.05)
    elif floor:
        # After two steps, Adam's running size is a twentieth of the gradient: Keras corrects its bias elsewhere.
        small, large = floor / 100, 10_000 * floor
        assert step(optimizer, 2 * small) == pytest.approx(2 * step(optimizer, small), rel=0.05)
        assert step(optimizer, 2 * large) == pytest.approx(step(optimizer, large), rel=0.02)
    else:
        assert step(optimizer, 3e-20) == step(optimizer, 7e20) == pytest.approx(-0.01)
        assert step(optimizer, 0.0) == 0
        assert "0 behind a dead ReLU" in OPTIMIZERS[optimizer].on_a_factor


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_default_rate_is_that_of_keras(optimizer):
    import keras

    entry = OPTIMIZERS[optimizer]
    defaults = inspect.signature(getattr(keras.optimizers, entry.keras)).parameters
    assert defaults["learning_rate"].default == entry.default_rate
