"""A model is read without Keras and written as source: executed, it builds the same model."""

import keras
import numpy as np
import pytest

from backend.own_network.names import is_automatic
from backend.own_network.reader import read
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


@pytest.mark.parametrize("name", MODELS)
def test_the_source_builds_the_same_model(name):
    model = MODELS[name]()
    source = is_same(model)
    if not isinstance(model, keras.Sequential):
        again = build(source)
        given = [name for name in model.input_names if not is_automatic(name, "InputLayer")]
        assert [name for name in again.input_names if not is_automatic(name, "InputLayer")] == given
        assert again.output_names == model.output_names
