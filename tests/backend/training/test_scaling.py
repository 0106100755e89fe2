"""What an optimizer makes of a factor of the loss, in Keras's own optimizers."""

import math

import pytest

from backend.experiment.training import OPTIMIZERS
from backend.training.scaling import FLOORS, PROPORTIONAL, divides


def step(optimizer, gradient):
    """How far Keras moves a weight of 0 in the second of two steps with this gradient."""
    import keras

    weight = keras.Variable([0.0])
    made = eval(OPTIMIZERS[optimizer].format(rate=0.01), {"keras": keras})
    made.build([weight])
    made.apply([keras.ops.convert_to_tensor([gradient])])
    before = float(weight[0])
    made.apply([keras.ops.convert_to_tensor([gradient])])
    return float(weight[0]) - before


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_factor_is_cancelled_above_the_floor_and_kept_below_it(optimizer):
    assert (optimizer in PROPORTIONAL) != (optimizer in FLOORS)
    # After two steps, Adam's running size is a twentieth of the gradient: Keras corrects its bias elsewhere.
    floor = FLOORS.get(optimizer, math.inf if optimizer in PROPORTIONAL else 0.0)
    small, large = (floor / 100, 10_000 * floor) if math.isfinite(floor) else (1e-3, None)
    assert step(optimizer, 2 * small) == pytest.approx(2 * step(optimizer, small), rel=0.05)
    if large is not None:
        assert step(optimizer, 2 * large) == pytest.approx(step(optimizer, large), rel=0.02)


@pytest.mark.parametrize("optimizer", FLOORS)
def test_the_sentence_names_the_size_at_which_the_factor_stays(optimizer):
    floor = {"adam": "10⁻⁷", "adamw": "10⁻⁷", "rmsprop": "3 × 10⁻⁴"}[optimizer]
    assert f"while that size is much larger than {floor}, but not otherwise." in divides(optimizer)
