"""A model is read without Keras and written as source: executed, it builds the same model."""

import json
from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.own_network.names import is_automatic
from backend.own_network.reader import read
from backend.own_network.refusal import Refused
from backend.own_network.size import measured
from backend.own_network.writer import write
from backend.worker.build import build
from tests.own_models import MODELS

rng = np.random.default_rng(0)


def inputs_for(model, batch=3):
    def array(tensor):
        shape = (batch, *(7 if dim is None else dim for dim in tensor.shape[1:]))
        whole = keras.backend.standardize_dtype(tensor.dtype).startswith(("int", "uint"))
        return rng.integers(0, 5, shape) if whole else rng.normal(size=shape).astype("float32")

    if isinstance(model, keras.Sequential):
        return array(model.inputs[0])
    return keras.tree.map_structure(array, model.input)


def renew(model):
    """Weights unlike those with which layers begin: biases are not 0, variances stay positive."""
    model.set_weights([np.abs(rng.normal(size=weight.shape)) * 0.2 + 0.05 for weight in model.get_weights()])


def is_same(model, text=None):
    """The source of a model. Asserts that it builds the same model."""
    graph = read(text or model.to_json())
    source = write(graph)
    again = build(source)
    assert again.count_params() == model.count_params() == measured(graph).parameters
    flat = keras.tree.flatten
    for ours, theirs in ((again.inputs, model.inputs), (again.outputs, model.outputs)):
        assert [each.shape for each in ours] == [each.shape for each in theirs], source
    assert [w.shape for w in again.weights] == [w.shape for w in model.weights]
    x = inputs_for(model)
    renew(model)
    again.set_weights(model.get_weights())
    expected, got = model(x, training=False), again(x, training=False)
    keras.tree.assert_same_structure(expected, got)
    for a, b in zip(flat(expected), flat(got), strict=True):
        np.testing.assert_allclose(b, a, rtol=1e-5, atol=1e-6)
    return source


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_the_source_builds_the_same_model(name):
    model = MODELS[name]()
    source = is_same(model)
    if not isinstance(model, keras.Sequential):
        again = build(source)
        ours, theirs = ([tensor.name for tensor in each.inputs] for each in (again, model))
        assert [name for name in ours if not is_automatic(name, "InputLayer")] == [
            name for name in theirs if not is_automatic(name, "InputLayer")
        ]
        assert again.output_names == model.output_names


RECORDED = Path(__file__).parent / "configs"


@pytest.mark.parametrize("version", ["keras_2", "keras_3_0"])
def test_configurations_of_earlier_versions_are_read(version):
    """Written by tf_keras 2.21 and Keras 3.0.5: models with shared encoders, states, masks and attention."""
    recorded = json.loads((RECORDED / f"{version}.json").read_text())
    ends = {}
    for name, config in recorded["models"].items():
        graph = read(json.dumps(config))
        model = build(write(graph))
        assert model.count_params() == measured(graph).parameters == recorded["parameters"][name]
        ends[name] = [tuple(each.shape[1:]) for each in model.outputs]
    assert ends == {
        "forecaster": [(1,)] * 3,
        "siamese": [(1,), (2,)],
        "decoder": [(7, 2), (3,)],
        "attention": [(2,), (2,)],
        "one_layer": [(5,)],
    }


layers, ops = keras.layers, keras.ops


def graphs(draw):
    """Models of any form: several inputs, shared and nested layers, joins, operations, and outputs of any structure."""
    width = draw(st.integers(1, 5))
    widths = draw(st.lists(st.just(width) | st.integers(1, 5), min_size=1, max_size=3))
    inputs = [keras.Input((each,), name=f"in_{i}") for i, each in enumerate(widths)]
    tensors = list(inputs)
    shared = layers.Dense(width, name="shared")
    nested = None

    def some():
        return draw(st.sampled_from(tensors))

    for _ in range(draw(st.integers(1, 8))):
        a, b = some(), some()
        made = draw(st.integers(0, 11))
        if made == 0:
            tensors.append(layers.Dense(width, activation=draw(st.sampled_from(["relu", "tanh"])))(a))
        elif made == 1 and a.shape[-1] == width:
            tensors.append(shared(a))
        elif made == 2:
            tensors.append(layers.Concatenate()([a, b]))
        elif made == 3 and a.shape == b.shape:
            tensors.append(draw(st.sampled_from([layers.Add, layers.Maximum, layers.Subtract]))()([a, b]))
        elif made == 4 and a.shape == b.shape:
            tensors.append(a * b if draw(st.booleans()) else 2.0 - a)
        elif made == 5:
            tensors.append(layers.BatchNormalization()(a, training=draw(st.sampled_from([None, False]))))
        elif made == 6:
            tensors.append(layers.LSTM(width)(layers.Reshape((-1, 1))(a)))
        elif made == 7:
            tensors.extend(ops.split(layers.Dense(2 * width)(a), 2, axis=-1))
        elif made == 8 and a.shape[-1] == width:
            nested = nested or _nested(width, draw(st.sampled_from(["one", "list", "dict"])))
            tensors.extend(keras.tree.flatten(nested(a)))
        elif made == 9:
            block = [layers.Dense(3), layers.Dropout(0.2), layers.Dense(width, name="last")]
            tensors.append(keras.Sequential(block)(a))
        elif made == 10:
            states = layers.GRU(width, return_state=True)(layers.RepeatVector(3)(a))
            tensors.append(layers.GRU(width)(layers.RepeatVector(2)(b), initial_state=states[1]))
        elif made == 11:
            query, value = (layers.Reshape((-1, 1))(each) for each in (a, b))
            tensors.append(layers.MultiHeadAttention(2, 3)(query, value)[:, 0])
    read_by = draw(st.lists(st.sampled_from(tensors), min_size=1, max_size=4))
    ends = [layers.Dense(draw(st.integers(1, 3)), name=f"out_{i}")(each) for i, each in enumerate(read_by)]
    form = draw(st.sampled_from(["list", "dict", "one"]))
    outputs = {"one": ends[0], "list": ends, "dict": {f"key_{9 - i}": each for i, each in enumerate(ends)}}[form]
    return keras.Model(inputs if len(inputs) > 1 else inputs[0], outputs)


def _nested(width, form):
    inputs = keras.Input((width,))
    a, b = layers.Dense(width)(inputs), layers.Dense(width, activation="relu")(inputs)
    return keras.Model(inputs, {"one": a, "list": [a, b], "dict": {"z": a, "a": b}}[form], name="block")


@pytest.mark.slow
@settings(max_examples=settings.default.max_examples // 2)
@given(st.data())
def test_the_source_of_any_graph_builds_the_same_model(data):
    is_same(graphs(data.draw))


def operations(draw):
    """A model with one operation on tensors."""
    shape = draw(st.lists(st.integers(1, 6), min_size=1, max_size=3))
    a, b = keras.Input(shape, name="a"), keras.Input(shape, name="b")
    axis = draw(st.integers(1, len(shape)) | st.integers(-len(shape), -1))
    number = draw(st.sampled_from([2.0, -0.5, 3]))
    index = (
        slice(None),
        *(draw(st.integers(-n, n - 1) | st.slices(n).filter(lambda s: (s.step or 1) > 0)) for n in shape),
    )
    left, right = draw(st.sampled_from([(a, b), (a, number), (number, a)]))
    made = draw(
        st.sampled_from(
            [
                lambda: left + right, lambda: left - right, lambda: left * right, lambda: left / right,
                lambda: ops.maximum(left, right), lambda: ops.minimum(left, right),
                lambda: ops.abs(a), lambda: ops.square(a), lambda: -a, lambda: ops.exp(a), lambda: ops.tanh(a),
                lambda: ops.sigmoid(a), lambda: ops.relu(a), lambda: ops.softmax(a),
                lambda: ops.concatenate([a, b], axis=axis), lambda: ops.mean(a, axis=axis),
                lambda: ops.sum(a, axis=axis, keepdims=True), lambda: ops.max(a, axis=(axis,)),
                lambda: ops.min(a, axis=axis), lambda: ops.expand_dims(a, axis), lambda: ops.stack([a, b], axis=axis),
                lambda: ops.split(a, 1, axis=axis), lambda: ops.split(a, [1], axis=axis), lambda: a[index],
            ]
        )
    )  # fmt: skip
    return keras.Model([a, b], made())


@pytest.mark.slow
@given(st.data())
def test_operations_on_tensors_are_read_and_written(data):
    model = operations(data.draw)
    if 0 in [length for output in model.outputs for length in output.shape]:
        with pytest.raises(Refused, match=r"takes none|splits 1 numbers"):
            read(model.to_json())
    else:
        is_same(model)
