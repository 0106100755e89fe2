"""The finding says what arithmetic says of a model, and the source of the other style has as many parameters."""

import keras
import pytest

from backend.own_network.examination import examine
from tests.backend.own_network.test_heads import nested_heads
from tests.own_models import MODELS

layers = keras.layers


def examined(name):
    return examine(MODELS[name]().to_json())


def test_heads_that_one_layer_can_replace():
    (found,) = examined("forecaster").rewritings
    assert found.finding == (
        "“h1”, “h2”, … and “h16” are 16 heads that read the same 64 values. One Dense(16) is the same network. Both "
        "styles have 16,592 parameters and the same 1,024 connections to the heads."
    )
    assert found.own.count("layers.Dense(1, ") == 16
    assert found.other.count("layers.Dense(16, ") == 1


def test_a_layer_that_can_be_several():
    (found,) = examined("one_day").rewritings
    assert not found.fuses
    assert found.finding.startswith("Your layer “hours” is a Dense(24) that reads 32 values. 24 Dense(1) layers are")
    assert "the same 768 connections" in found.finding


def test_heads_with_different_activations_can_be_columns_of_one_layer():
    (found,) = examined("faces").rewritings
    assert "One Dense(2) whose columns are cut apart, each with its activation after it, is the same" in found.finding
    assert set(found.loss_weights.values()) == {1.0}


def test_heads_at_each_step_of_a_sequence_read_values_at_each_position():
    steps = keras.Input((5, 3))
    x = layers.LSTM(4, return_sequences=True)(steps)
    model = keras.Model(steps, [layers.Dense(1, name="a")(x), layers.Dense(2, name="b")(x)])
    (found,) = examine(model.to_json()).rewritings
    assert "read the same 4 values at each position" in found.finding


@pytest.mark.parametrize(
    ("name", "finding"),
    [
        ("siamese", "“same” has one unit, so there is nothing to split."),
        ("autoencoder", "No two heads in the table read the same values"),
        ("different_heads", "The table says why"),
    ],
)
def test_why_no_heads_can_be_rewritten(name, finding):
    found = examined(name)
    assert not found.rewritings
    assert finding in found.finding
    assert found.groups or found.others


def test_a_convolution_with_groups_is_not_said_to_be_no_convolution():
    image = keras.Input((8, 8, 4))
    found = examine(keras.Model(image, layers.Conv2D(4, 3, groups=2)(image)).to_json())
    assert "convolutions without groups, and no output of this model is such a layer." in found.answer
    assert "a Dense layer or a convolution without groups" in found.finding


def test_another_style_that_exceeds_the_bounds_is_named_as_too_large():
    inputs = keras.Input((250_000, 4))
    heads = [layers.Dense(16, name="a")(inputs), layers.Dense(16, name="b", activation="tanh")(inputs)]
    found = examine(keras.Model(inputs, heads).to_json())
    assert not found.rewritings
    assert found.answer == "The app does not build the other style of these heads: it would be too large."
    assert found.finding.startswith("In the other style, the layer “")
    assert found.finding.endswith("above 16,000,000 activations for one example, the most that the app builds.")


def test_convolutions_can_be_columns_of_one_layer():
    (found,) = examined("u_net").rewritings
    assert "“mask” and “depth” are 2 heads that read the same 8 values at each position. One Conv2D(2, 1) whose" in (
        found.finding
    )
    assert found.finding.endswith("the same 16 connections to the heads at each position.")


def test_heads_in_a_nested_model_have_its_name():
    found = examine(nested_heads().to_json())
    (rewriting,) = found.rewritings
    assert rewriting.title.count("block/") == 2
    assert "block = keras.Model(" in rewriting.other
    assert not found.others


def test_each_group_and_each_part_of_a_group_has_its_own_rewriting():
    inputs = keras.Input((4,))
    x, z = layers.Dense(6)(inputs), layers.Dense(5)(inputs)
    heads = [
        layers.Dense(1, name="a")(x), layers.Dense(1, name="b")(x), layers.Dense(1, name="p", activation="tanh")(x),
        layers.Dense(2, name="c")(z),
    ]  # fmt: skip
    found = examine(keras.Model(inputs, heads).to_json()).rewritings
    assert [[head.name for head in each.heads] for each in found] == [["a", "b", "p"], ["a", "b"], ["c"]]
    assert [each.fuses for each in found] == [True, True, False]
    assert [each.conversion.same_outputs for each in found] == [True, False, False]
    assert len({each.parameters for each in found}) == 1


def test_loss_weights_have_the_names_under_which_keras_takes_them():
    inputs = keras.Input((4,))
    heads = {"y": layers.Dense(1, name="first")(inputs), "x": layers.Dense(3, name="second")(inputs)}
    model = keras.Model(inputs, heads)
    (found,) = examine(model.to_json()).rewritings
    assert found.loss_weights == {"y": 0.25, "x": 0.75}
    model.compile(loss=dict.fromkeys(heads, "mse"), loss_weights=found.loss_weights)
