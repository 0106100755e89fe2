"""A worker compares both styles of a visitor's own model, and times them."""

import keras
import numpy as np
import pytest

from backend.jobs.runtime import Context
from backend.own_network.examination import examine
from backend.own_network.job import OwnNetworkJob, OwnTimingJob
from backend.worker import own_network, stopwatch
from tests.own_models import MODELS

layers = keras.layers
#: Heads of Dense layers, a layer that is split, and heads without another style.
TYPICAL = ("forecaster", "faces", "one_day")


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in TYPICAL else pytest.mark.soak) for name in MODELS]
)
def test_both_styles_of_a_model_compute_the_same(name):
    text = MODELS[name]().to_json()
    found = own_network.compare(OwnNetworkJob(text=text), Context())
    assert found.parameters == examine(text).parameters
    assert found.graph.boxes
    if examine(text).rewritings:
        assert found.equal
        assert found.parameters == found.other_parameters
        assert found.largest > 0.1
    else:
        assert found.difference is None
        assert found.other_graph is None


def embedded():
    ids, numbers = keras.Input((6,), dtype="int32", name="ids"), keras.Input((3,), name="numbers")
    x = layers.Flatten()(layers.Embedding(4, 2)(ids))
    x = layers.BatchNormalization()(layers.Concatenate()([x, numbers]))
    heads = {
        "z": layers.Dense(1, name="first")(x), "y": layers.Dense(2, name="second")(x),
        "x": layers.Dense(3, activation="softmax", name="kind")(x),
    }  # fmt: skip
    return keras.Model({"ids": ids, "numbers": numbers}, heads, name="three")


def trunks(units):
    x = keras.Input((5,), name="x")
    one, two = layers.Dense(8, name="t_one")(x), layers.Dense(units, name="t_two")(x)
    a, b = layers.Dense(1, name="a")(one), layers.Dense(1, name="b")(one)
    return keras.Model(x, {"a": a, "b": b, "d": layers.Dense(1, "tanh", name="d")(two)})


def deep():
    x = inputs = keras.Input((64,))
    for _ in range(60):
        x = layers.Dense(64, activation="relu")(x)
    return keras.Model(inputs, [layers.Dense(1, name="a")(x), layers.Dense(1, name="b")(x)])


@pytest.mark.parametrize(
    "model",
    [embedded, lambda: trunks(8), lambda: trunks(4), deep],
    ids=["ids of an embedding, equal names", "trunks that Keras orders anew", "of other sizes", "outputs stay finite"],
)
def test_both_styles_are_compared_whatever_the_model(model):
    assert own_network.compare(OwnNetworkJob(text=model().to_json()), Context()).equal


@pytest.mark.slow
def test_another_function_is_not_called_equal():
    """One style gets other weights than the other: the comparison must see it."""
    text = MODELS["one_day"]().to_json()
    (rewriting,) = examine(text).rewritings
    one, several = (own_network.build(source, seed=0) for source in (rewriting.own, rewriting.other))
    own_network.randomise(one)
    own_network.move(one, several, rewriting.conversion)
    names = [name for name, *_ in rewriting.conversion.columns]
    x = own_network.inputs_of(one, examine(text).graph, 4)
    whole, parts = own_network.outputs_of(one, x, ["hours"]), own_network.outputs_of(several, x, names)
    np.testing.assert_allclose(parts, whole, rtol=1e-5, atol=1e-5)
    kernel, bias = several.get_layer(names[5]).get_weights()
    several.get_layer(names[5]).set_weights([kernel, bias + 0.01])
    parts = own_network.outputs_of(several, x, names)
    assert np.max(np.abs(parts - whole)) == pytest.approx(0.01, rel=1e-2)


@pytest.mark.slow
def test_both_styles_and_the_control_are_timed_in_the_same_rounds(monkeypatch):
    monkeypatch.setattr(stopwatch, "BUDGET", dict.fromkeys(stopwatch.BUDGET, 0.0))  # the fewest rounds
    inputs = keras.Input((3,))
    text = keras.Model(inputs, [layers.Dense(1, name=name)(inputs) for name in "ab"]).to_json()
    timed = own_network.time_both(OwnTimingJob(text=text), Context())
    for what in ("build", "train", "infer"):
        assert len({len(getattr(each, what)) for each in (timed.several, timed.one, timed.control)}) == 1
    assert timed.batch == 32
    for ratio in timed.ratios().values():
        assert ratio.low <= ratio.median <= ratio.high
