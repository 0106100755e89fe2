"""What a model keeps besides its weights stays, and is carried to the converted model."""

import keras
import numpy as np
import pytest
from keras import layers

from tests.two_heads.models import data_for, outputs
from two_heads import GradientConflict, fuse_heads, split_heads

BATCH = 8


def stateful() -> keras.Model:
    """A recurrent model that goes on from the state of the last batch."""
    keras.utils.set_random_seed(0)
    x = keras.Input(batch_shape=(BATCH, 5, 3), name="x")
    t = layers.Bidirectional(layers.GRU(3, stateful=True, return_sequences=True))(layers.Dropout(0.2)(x))
    inner = keras.Sequential([keras.Input(batch_shape=t.shape), layers.LSTM(4, stateful=True)], name="inner")
    t = inner(t)
    model = keras.Model(x, [layers.Dense(1, name="a")(t), layers.Dense(2, name="b")(t)])
    model.compile("adam", "mse")
    return model


def test_a_conversion_leaves_the_states_and_carries_them():
    model, untouched = stateful(), stateful()
    x, _ = data_for(model, BATCH)
    for each in (model, untouched):
        outputs(each, x)
    fused = fuse_heads(model).model
    split = split_heads(fused).model
    expected = outputs(untouched, x)
    for each in (model, fused, split):
        for one, other in zip(outputs(each, x), expected, strict=True):
            np.testing.assert_allclose(one, other, atol=0 if each is model else 1e-6)


@pytest.mark.slow
def test_a_measured_run_of_a_stateful_model_has_the_same_bits():
    ends = []
    for measured in (False, True):
        model = stateful()
        x, y = data_for(model, 3 * BATCH)
        callbacks = [GradientConflict(x, y, batch_size=BATCH)] if measured else []
        history = model.fit(x, y, epochs=2, batch_size=BATCH, shuffle=False, verbose=0, callbacks=callbacks).history
        ends.append([*history["loss"], *model.get_weights(), *outputs(model, x[:BATCH])])
    for one, other in zip(*ends, strict=True):
        np.testing.assert_array_equal(one, other)


WORDS, NUMBERS = np.array([["a b"], ["b c"]]), np.array([[1], [2], [5]])
ADAPTED = [
    (layers.TextVectorization, {"output_mode": "multi_hot"}, WORDS),
    (layers.TextVectorization, {"output_mode": "tf_idf"}, WORDS),
    (layers.StringLookup, {"output_mode": "one_hot"}, WORDS),
    (layers.IntegerLookup, {"output_mode": "one_hot"}, NUMBERS),
    (layers.Discretization, {"output_mode": "one_hot", "num_bins": 3}, NUMBERS),
    (layers.Normalization, {}, NUMBERS),
]


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize(("kind", "settings", "data"), ADAPTED)
def test_what_a_layer_was_adapted_to_is_carried(kind, settings, data, nested):
    layer = kind(**settings)
    layer.adapt(data)
    x = keras.Input((1,), dtype="string" if data is WORDS else "int64" if kind is layers.IntegerLookup else "float32")
    t = (keras.Sequential([x, layer], name="inner") if nested else layer)(x)
    model = keras.Model(x, [layers.Dense(1)(t), layers.Dense(2)(t)])
    batch = keras.ops.convert_to_tensor(data)
    for one, other in zip(outputs(model, batch), outputs(fuse_heads(model).model, batch), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
