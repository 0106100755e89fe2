"""Training settings: bounds, the source of the optimizer, loss weights, and the split into training and validation."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.experiment.architecture import Architecture, Head
from backend.experiment.training import Training
from tests.builders.strategies import trainings
from two_heads.weightings import METHODS

UNEVEN = Architecture(features=3, heads=(Head(name="wide", units=3), Head(name="slim")))


@pytest.mark.parametrize(
    ("combine", "weights", "used"),
    [
        ("sum", (5, 5), (1, 1)),
        ("mean", (5, 5), (3 / 4, 1 / 4)),  # like a fused loss
        ("own", (), (1, 1)),
        ("own", (0.5,), (0.5, 1)),
        ("own", (0, 2, 7), (0, 2)),
        *((method, (3, 4), (1, 1)) for method in METHODS),
    ],
)
def test_each_way_to_combine_losses_has_its_weights(combine, weights, used):
    training = Training.model_validate({"combine": combine, "weights": weights})
    assert training.loss_weights(UNEVEN) == used
    assert training.weighted == ("sum" if combine in METHODS else combine)


@given(trainings())
def test_the_optimizer_is_one_call_with_the_exact_learning_rate(training):
    call = ast.parse(training.optimizer_source, mode="eval").body
    assert isinstance(call, ast.Call)
    assert ast.unparse(call.func).startswith("keras.optimizers.")
    arguments = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    assert arguments.pop("learning_rate") == training.learning_rate
    assert arguments == ({"momentum": 0.9} if training.optimizer == "momentum" else {})


@given(trainings(), st.integers(32, 4096))
def test_every_sequence_trains_or_validates(training, samples):
    train, validate = training.split(samples)
    assert train + validate == samples
    assert train >= samples // 2
    assert abs(validate - samples * training.validation) <= 1
