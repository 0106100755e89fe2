"""What the sidebar can express comes back as the settings that write the same network; the rest gets its reason."""

import json

import keras
import pytest
from hypothesis import given, settings

from backend.experiment.architecture import Architecture, DenseLayer, Head
from backend.experiment.styles import STYLES
from backend.own_network.examination import examine
from backend.own_network.reader import read
from backend.own_network.settings import NotExpressible, as_settings
from backend.worker.build import build
from backend.worker.describe import layer_graph
from tests.builders.strategies import architectures
from tests.own_models import MODELS

layers = keras.layers


def come_back(architecture, key):
    """The settings of the app's own model in this style. Asserts that they write the same network."""
    style = STYLES[key]
    model = build(style.write(architecture))
    found = as_settings(read(model.to_json()))
    again = build(style.write(found.architecture))
    assert json.loads(again.to_json()) == json.loads(model.to_json())
    assert again.count_params() == model.count_params()
    assert layer_graph(again) == layer_graph(model)
    return found


def of_heads(architecture):
    return [(head.name, head.units, head.hidden, head.activation) for head in architecture.heads]


def come_back_in_all_styles(architecture):
    found = come_back(architecture, "functional").architecture
    if len(architecture.heads) > 1:  # of one, layers of its own are like those of the trunk
        assert of_heads(found) == of_heads(architecture)
        assert found.model_copy(update={"heads": architecture.heads}) == architecture
    for key in ("sequential", "functional_fused"):
        if not STYLES[key].unsupported_reason(architecture):
            fused = come_back(architecture, key)
            assert fused.left == key
            assert fused.architecture.output_units == architecture.output_units


@pytest.mark.slow
@settings(max_examples=settings.default.max_examples // 2)
@given(architectures(small=True))
def test_the_models_of_any_settings_come_back_as_the_same_network(architecture):
    come_back_in_all_styles(architecture)


@pytest.mark.slow
@pytest.mark.parametrize(
    "architecture",
    [
        Architecture(),
        Architecture(
            timesteps=2, features=16, lstm=(256,), dense=(DenseLayer(units=256, activation="gelu"),) * 3,
            heads=tuple(Head(name=f"h{i}", task="last", units=16) for i in range(64)),
        ),
        Architecture(heads=(Head(name="one", hidden=(4, 3)),), dense=(DenseLayer(),) * 3),
        Architecture(heads=(Head.for_task("waveform", "kind", units=5),)),
    ],
    ids=["default", "largest", "one head", "classes"],
)  # fmt: skip
def test_the_ends_of_the_settings_come_back_as_the_same_network(architecture):
    come_back_in_all_styles(architecture)


def trunk(**lstm):
    inputs = keras.Input((10, 2))
    return inputs, layers.LSTM(8, name="memory", **lstm)(inputs)


def reason(model):
    with pytest.raises(NotExpressible) as refused:
        as_settings(read(model.to_json()))
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("forecaster", "The sidebar has no Conv1D layer, and “conv1d” is one."),
        ("recommender", "It has 2 inputs."),
        ("u_net", "no sequence of numbers"),
        ("one_day", "at most 64 × 16"),
        ("different_heads", "no sequence of numbers"),
    ],
)
def test_what_the_sidebar_has_not_is_named(name, sentence):
    model = MODELS[name]()
    assert sentence in reason(model)
    found = examine(model.to_json())
    assert found.settings is None
    assert sentence in found.why_no_settings


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"dropout": 0.1}, "“memory” has other arguments than the sidebar's: dropout."),
        ({"activation": "relu"}, "“memory” has other arguments than the sidebar's: activation."),
        ({"return_sequences": True}, "returns its last output"),
        ({"trainable": False}, "trainable"),
    ],
)
def test_an_argument_that_the_sidebar_has_not_is_named(arguments, sentence):
    inputs, x = trunk(**arguments)
    assert sentence in reason(keras.Model(inputs, layers.Dense(1)(x)))


def test_heads_that_the_sidebar_has_not_are_named():
    inputs, x = trunk()
    wide = keras.Model(inputs, [layers.Dense(24, name="hours")(x), layers.Dense(1, name="b")(x)])
    assert "24 units with linear" in reason(wide)
    assert "The head “b” has elu" in reason(keras.Model(inputs, [layers.Dense(1, activation="elu", name="b")(x)] * 1))
    d = layers.Dense(3, name="d")(x)
    assert "branch from one tensor" in reason(keras.Model(inputs, [d, layers.Dense(1, name="e")(d)]))
    deep = layers.Dense(1, name="deep")(layers.Dense(4, activation="tanh", name="own")(x))
    assert "“own” is a layer of one head" in reason(keras.Model(inputs, [deep, layers.Dense(1, name="b")(x)]))
    varies = keras.Input((None, 2))
    assert "length of its sequences varies" in reason(keras.Model(varies, layers.Dense(1)(layers.LSTM(2)(varies))))


def test_a_name_that_no_head_can_have_becomes_a_label():
    inputs, x = trunk()
    heads = [layers.Dense(1, name="Price")(x), layers.Dense(1, name="level")(x), layers.Dense(1)(x)]
    found = as_settings(read(keras.Model(inputs, heads).to_json())).architecture
    assert [head.name for head in found.heads][1] == "level"
    assert len({head.name for head in found.heads}) == 3
    assert found.heads[0].label == "Price"
    assert len({head.task for head in found.heads}) == 3
