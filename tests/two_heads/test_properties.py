"""Random Functional models: fused, split and fused again they are the same function, and train alike."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers

from tests.two_heads.models import SETTINGS, data_for, drawn, outputs, trunk
from two_heads import find_heads, fuse_heads, split_heads

pytestmark = pytest.mark.slow
#: A model takes longer than a number: a third as many examples as elsewhere.
few = settings(max_examples=settings.default.max_examples // 3)


def precision(model: keras.Model) -> float:
    return 2e-2 if any("float16" in layer.dtype_policy.name for layer in model.layers) else 2e-5


@few
@given(SETTINGS)
def test_a_fused_model_is_the_same_function(chosen):
    model = drawn(chosen)
    fused = fuse_heads(model)
    x, _ = data_for(model, seed=1)
    tolerance = precision(model)
    for one, other in zip(outputs(model, x), outputs(fused.model, x), strict=True):
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)
    assert fused.max_difference <= 10 * tolerance
    assert fused.model.output_names == model.output_names
    assert keras.tree.map_structure(lambda t: (t.shape, t.dtype), fused.model.output) == keras.tree.map_structure(
        lambda t: (t.shape, t.dtype), model.output
    )
    assert fused.model.count_params() == model.count_params()
    assert len(fused.model.trainable_variables) < len(model.trainable_variables)


@few
@given(SETTINGS)
def test_split_again_it_is_the_model_of_before_to_the_last_bit(chosen):
    model = drawn(chosen)
    again = split_heads(fuse_heads(model).model)
    x, _ = data_for(model, seed=1)
    for one, other in zip(outputs(model, x), outputs(again.model, x), strict=True):
        np.testing.assert_array_equal(one, other)
    weights = {variable.path: np.asarray(variable) for variable in model.variables if "seed" not in variable.path}
    for variable in again.model.variables:
        if variable.path in weights and not variable.path.startswith("sequential"):
            np.testing.assert_array_equal(np.asarray(variable), weights[variable.path])
    assert [each.layers for each in find_heads(again.model)] == [each.layers for each in find_heads(model)]
    twice = fuse_heads(again.model)
    assert twice.model.output_names == model.output_names


@settings(max_examples=settings.default.max_examples // 6)
@given(SETTINGS)
def test_it_is_saved_and_loaded_without_custom_objects(tmp_path_factory, chosen):
    model = drawn(chosen)
    file = tmp_path_factory.mktemp("saved") / "fused.keras"
    fused = fuse_heads(model).model
    fused.save(file)
    loaded = keras.models.load_model(file)
    x, _ = data_for(model)
    for one, other in zip(outputs(fused, x), outputs(loaded, x), strict=True):
        np.testing.assert_array_equal(one, other)
    assert [each.layers for each in find_heads(loaded)] == [each.layers for each in find_heads(fused)]


@few
@given(
    kind=st.sampled_from(["plain", "timesteps", "siamese", "nested", "several"]),
    sizes=st.lists(st.integers(1, 3), min_size=2, max_size=4),
    activation=st.sampled_from(["linear", "tanh", "sigmoid"]),
    beside=st.booleans(),
)
def test_a_split_head_is_the_same_function_and_fused_again_the_same_head(kind, sizes, activation, beside):
    inputs, x = trunk(kind)
    wide = layers.Dense(sum(sizes), activation=activation, bias_initializer="random_normal", name="wide")(x)
    others = [layers.Dense(1, use_bias=False, name="other")(x)] if beside else []
    model = keras.Model(inputs, [*others, wide])
    split = split_heads(model, units={"wide": sizes})
    assert split.model.output_names == [*(["other"] if beside else []), *(f"wide_{j}" for j in range(len(sizes)))]
    data, _ = data_for(model)
    parts = outputs(split.model, data)[len(others) :]
    expected = outputs(model, data)[-1]
    np.testing.assert_allclose(np.concatenate(parts, axis=-1), expected, rtol=2e-5, atol=2e-5)
    again = fuse_heads(split.model, keep_outputs=False).model
    for one, other in zip(again.get_layer("heads").get_weights(), model.get_layer("wide").get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert [each.shape for each in again.outputs] == [each.shape for each in model.outputs]
