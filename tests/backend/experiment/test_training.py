"""Training settings: bounds, the source of the optimizer, loss weights, and the split into training and validation."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from backend.experiment.architecture import Architecture, Head
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.training import Training
from tests.strategies import architectures, trainings
from two_heads.weightings import METHODS

UNEVEN = Architecture(features=3, heads=(Head(name="wide", units=3), Head(name="slim")))


def test_with_a_method_keras_sees_weights_of_1():
    for method in METHODS:
        training = Training.model_validate({"combine": method, "weights": [3, 4]})
        assert training.weighted == "sum"
        assert training.loss_weights(UNEVEN) == (1, 1)


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("optimizer", [*OPTIMIZERS], ["SGD", "", "lamb"]),
        ("learning_rate", [1e-5, 100], [0, 9e-6, 100.1, float("nan"), float("inf"), "fast"]),
        ("batch", [1, 512], [0, 513, 1.5]),
        ("epochs", [1, 100], [0, 101]),
        ("validation", [0, 0.5], [-0.01, 0.51, float("nan")]),
        ("combine", ["sum", "mean", "own", *METHODS], ["average", "fixed"]),
        ("weights", [(), (0,), (100,) * 64], [(-0.1,), (100.1,), (1,) * 65, (float("nan"),)]),
        ("same_start", [True, False], ["perhaps"]),
        ("seed", [0, 2**31 - 100], [-1, 2**31 - 99]),
        ("seeds", [1, 10], [0, 11]),
        ("momentum", [], [0.9]),
    ],
)
def test_settings_out_of_bounds_are_refused(field, good, bad):
    for value in good:
        assert getattr(Training.model_validate({field: value}), field) == value
    for value in bad:
        with pytest.raises(ValidationError, match=field):
            Training.model_validate({field: value})


@given(trainings())
def test_the_optimizer_is_one_call_with_the_exact_learning_rate(training):
    call = ast.parse(training.optimizer_source, mode="eval").body
    assert isinstance(call, ast.Call)
    assert ast.unparse(call.func).startswith("keras.optimizers.")
    arguments = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    assert arguments.pop("learning_rate") == training.learning_rate
    assert arguments == ({"momentum": 0.9} if training.optimizer == "momentum" else {})


def test_the_sum_weights_every_head_by_1():
    assert Training(combine="sum", weights=(5, 5)).loss_weights(UNEVEN) == (1, 1)


def test_the_mean_weights_heads_by_their_units_like_a_fused_loss():
    assert Training(combine="mean", weights=(5, 5)).loss_weights(UNEVEN) == (3 / 4, 1 / 4)


def test_own_weights_are_cut_or_padded_with_ones():
    for given_weights, used in [((), (1, 1)), ((0.5,), (0.5, 1)), ((0, 2, 7), (0, 2))]:
        assert Training(combine="own", weights=given_weights).loss_weights(UNEVEN) == used


@given(trainings(), architectures())
def test_there_is_a_weight_for_every_head(training, architecture):
    weights = training.loss_weights(architecture)
    assert len(weights) == len(architecture.heads)
    if training.combine == "mean":
        assert sum(weights) == pytest.approx(1)


@given(trainings(), st.integers(32, 4096))
def test_every_sequence_trains_or_validates(training, samples):
    train, validate = training.split(samples)
    assert train + validate == samples
    assert train >= samples // 2
    assert abs(validate - samples * training.validation) <= 1


def test_the_default_split():
    assert Training().split(1280) == (1024, 256)
    assert Training(validation=0).split(32) == (32, 0)
    assert Training(validation=0.5).split(1) == (1, 0)
