"""What the sidebar can express comes back as the settings that write the same network; the rest gets its reason."""

from __future__ import annotations

import json

import keras
import pytest
from hypothesis import given, settings

from backend.experiment.architecture import Architecture, DenseLayer, Head
from backend.experiment.styles import STYLES
from backend.worker.build import build
from backend.worker.own_settings import NotExpressible, as_settings
from tests.builders.own_models import MODELS
from tests.builders.strategies import architectures

layers = keras.layers


def come_back(architecture: Architecture) -> None:
    """Asserts that the settings of the app's own model, in each style, write the same network."""
    for key in ("functional", "sequential", "functional_fused"):
        style = STYLES[key]
        if style.unsupported_reason(architecture):
            continue
        model = build(style.write(architecture))
        found, left = as_settings(model)
        assert json.loads(build(style.write(found)).to_json()) == json.loads(model.to_json())
        assert key == "functional" or left == key or len(architecture.heads) == 1


@settings(max_examples=settings.default.max_examples // 5)
@given(architectures(small=True))
def test_the_models_of_any_settings_come_back_as_the_same_network(architecture):
    come_back(architecture)


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
    come_back(architecture)


def of_lstm(*heads, **lstm):
    inputs = keras.Input((10, 2))
    x = layers.LSTM(8, name="memory", **lstm)(inputs)
    return keras.Model(inputs, [head(x) for head in heads or [layers.Dense(1)]])


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (MODELS["forecaster"], "no Conv1D layer|no GRU layer"),
        (MODELS["recommender"], "It has 2 inputs"),
        (MODELS["u_net"], "no sequence of numbers"),
        (MODELS["one_day"], "kernel_regularizer"),
        (lambda: keras.Sequential([keras.Input((72, 4)), layers.LSTM(8), layers.Dense(1)]), "timesteps would be 72"),
        (lambda: of_lstm(dropout=0.1), "memory.*dropout"),
        (lambda: of_lstm(activation="relu"), "memory.*activation"),
        (lambda: of_lstm(return_sequences=True), "last output"),
        (lambda: of_lstm(trainable=False), "memory.*trainable"),
        (lambda: of_lstm(layers.Dense(24), layers.Dense(1)), "24 units"),
        (lambda: of_lstm(layers.Dense(1, activation="exponential")), "exponential"),
        (lambda: of_lstm(*(layers.Dense(1) for _ in range(65))), "65 heads"),
    ],
)
def test_what_the_sidebar_has_not_is_named(make, reason):
    with pytest.raises(NotExpressible, match=reason):
        as_settings(make())
