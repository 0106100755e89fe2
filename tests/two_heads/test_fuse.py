"""Heads become one layer, and training goes on."""

import keras
import numpy as np
import pytest
from keras import layers

from tests.two_heads.models import data_for, outputs, two_outputs
from two_heads import find_heads, fuse_heads, split_heads


def losses(model: keras.Model, x, y, epochs=2) -> list[float]:
    return model.fit(x, y, batch_size=8, epochs=epochs, shuffle=False, verbose=0).history["loss"]


def test_the_old_model_stays_as_it_is():
    model = two_outputs()
    before = [np.array(each) for each in model.get_weights()]
    fused = fuse_heads(model)
    fused.model.set_weights([np.zeros_like(each) for each in fused.model.get_weights()])
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert model.get_layer("a").output is model.outputs[0]


def test_comparing_changes_no_state_of_the_old_model():
    x = keras.Input((4,))
    trunk = layers.BatchNormalization()(layers.Dropout(0.5)(x, training=True), training=True)
    model = keras.Model(x, [layers.Dense(1)(trunk), layers.Dense(1)(trunk)])
    before = [np.array(each) for each in model.variables]
    assert fuse_heads(model).max_difference < 1e-6
    for one, other in zip(before, model.variables, strict=True):
        np.testing.assert_array_equal(one, other)


def test_an_embedding_may_have_one_row():
    x = keras.Input((3,), dtype="int32")
    trunk = layers.Flatten()(layers.Embedding(1, 2)(x))
    assert fuse_heads(keras.Model(x, [layers.Dense(1)(trunk), layers.Dense(1)(trunk)])).max_difference < 1e-6


def test_a_sparse_input_is_refused():
    x = keras.Input((4,), sparse=True, name="rare")
    model = keras.Model(x, [layers.Dense(1)(x), layers.Dense(1)(x)])
    with pytest.raises(ValueError, match="The input 'rare' is sparse"):
        fuse_heads(model)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("optimizer", "eager"),
    [
        pytest.param(lambda: keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True), False, marks=pytest.mark.soak),
        (lambda: keras.optimizers.Adam(0.01, amsgrad=True, use_ema=True, gradient_accumulation_steps=2), True),
        pytest.param(
            lambda: keras.optimizers.RMSprop(keras.optimizers.schedules.ExponentialDecay(0.01, 2, 0.9), centered=True),
            True,
            marks=pytest.mark.soak,
        ),
        pytest.param(
            lambda: keras.optimizers.LossScaleOptimizer(keras.optimizers.AdamW(0.01, global_clipnorm=1.0)),
            True,
            marks=pytest.mark.soak,
        ),
    ],
)
def test_an_interrupted_training_goes_on_with_the_same_losses(optimizer, eager):
    """One optimizer in traced graphs. Eager steps, which take less time to start, are those of the others."""
    keras.utils.set_random_seed(3)
    model = two_outputs(activation="softmax")
    x, y = data_for(model)
    y[1] = np.eye(3)[y[1].argmax(axis=1)]
    metrics = [["mae"], []]
    model.compile(
        optimizer(), ["mse", "categorical_crossentropy"], loss_weights=[2, 0.5], metrics=metrics, run_eagerly=eager
    )
    losses(model, x, y)
    fused = fuse_heads(model)
    split = split_heads(fused.model)
    assert fused.loss_weights == [2.0, 0.5]
    assert fused.notes == ()
    assert {each.model.run_eagerly for each in (fused, split)} == {eager}
    expected = losses(model, x, y)
    assert losses(fused.model, x, y) == pytest.approx(expected, rel=1e-5)
    assert losses(split.model, x, y) == pytest.approx(expected, rel=1e-5)
    assert int(fused.model.optimizer.iterations) == int(model.optimizer.iterations)


@pytest.mark.slow
def test_random_masks_of_dropout_go_on_too():
    x = keras.Input((4,))
    trunk = layers.Dropout(0.5, seed=1)(layers.Dense(16, activation="relu")(x))
    model = keras.Model(x, [layers.Dense(1)(trunk), layers.Dense(1)(trunk)])
    model.compile("sgd", "mse", run_eagerly=True)
    data = data_for(model)
    losses(model, *data)
    fused = fuse_heads(model).model
    assert losses(fused, *data) == pytest.approx(losses(model, *data), rel=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", ["Adafactor", pytest.param("Lamb", marks=pytest.mark.soak)])
def test_a_rule_for_whole_variables_is_said(optimizer):
    model = two_outputs()
    model.compile(getattr(keras.optimizers, optimizer)(), "mse", run_eagerly=True)
    losses(model, *data_for(model), epochs=1)
    assert any(f"{optimizer} looks at each variable as a whole" in note for note in fuse_heads(model).notes)


@pytest.mark.slow
@pytest.mark.parametrize("weights", [[1, 3], [0.1, 0.3]])  # 0.3 / 3 is less than 0.1
def test_one_output_has_the_total_of_the_heads(weights):
    model = two_outputs()
    model.compile("sgd", ["mse", "mse"], loss_weights=weights, metrics=["mae", "mae"])
    x, y = data_for(model)
    fused = fuse_heads(model, keep_outputs=False)
    assert fused.model.output.shape == (None, 4)
    assert fused.loss_weights == pytest.approx(sum(weights))
    assert f"{sum(weights):g} for 2 heads" in fused.why
    together = fused.model.evaluate(x, np.concatenate(y, axis=1), verbose=0, return_dict=True)
    apart = model.evaluate(x, y, verbose=0, return_dict=True)
    assert together["loss"] == pytest.approx(apart["loss"], rel=1e-5)
    assert set(together) == {"loss", "mae"}


def test_heads_of_unlike_width_have_no_weight_of_one_loss():
    fused = fuse_heads(two_outputs(), keep_outputs=False)
    assert fused.loss_weights is None
    assert "different numbers of units" in fused.why


def test_one_output_stands_in_the_place_of_the_first_head():
    x = keras.Input((4,), name="x")
    t = layers.Dense(3, name="t")(x)
    far = layers.Dense(1, name="far")(x)
    ends = {"b": layers.Dense(1, name="b")(t), "far": far, "a": layers.Dense(1, name="a")(t)}
    fused = fuse_heads(keras.Model(x, ends), keep_outputs=False)
    assert {name: tuple(each.shape) for name, each in fused.model.output.items()} == {
        "heads": (None, 2),
        "far": (None, 1),
    }
    assert fused.loss_weights == {"heads": 2.0, "far": 1.0}
    as_list = fuse_heads(keras.Model(x, [far, ends["b"], ends["a"]]), keep_outputs=False).model
    assert [each.shape for each in as_list.output] == [(None, 1), (None, 2)]


def test_outputs_inside_of_structures_cannot_become_one():
    x = keras.Input((4,))
    model = keras.Model(x, {"pair": [layers.Dense(1)(x), layers.Dense(1)(x)], "one": layers.Dense(1)(x)})
    with pytest.raises(ValueError, match="outputs inside of structures"):
        fuse_heads(model, keep_outputs=False)
    assert fuse_heads(model).model.output.keys() == {"pair", "one"}


@pytest.mark.parametrize("count", [16, pytest.param(64, marks=pytest.mark.soak)])
def test_many_heads(count):
    x = keras.Input((8, 3))
    t = layers.GRU(8)(layers.Conv1D(4, 3)(x))
    model = keras.Model(x, [layers.Dense(1, name=f"h{j}")(t) for j in range(count)])
    fused = fuse_heads(model)
    assert fused.model.output_names == [f"h{j}" for j in range(count)]
    assert fused.model.get_layer("heads").kernel.shape == (8, count)
    assert fused.loss_weights == [1.0] * count


def test_heads_of_a_convolution():
    x = keras.Input((None, None, 3))
    t = layers.Conv2D(4, 3, padding="same")(x)
    model = keras.Model(
        x, {n: layers.Conv2D(k, 1, activation=a, name=n)(t) for n, k, a in (("m", 1, "sigmoid"), ("d", 2, None))}
    )
    fused = fuse_heads(model).model
    data, _ = data_for(model)
    for one, other in zip(outputs(model, data), outputs(fused, data), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


@pytest.mark.soak
def test_an_application_with_heads_put_on():
    keras.utils.set_random_seed(0)
    base = keras.applications.MobileNetV2(
        input_shape=(32, 32, 3), alpha=0.35, weights=None, include_top=False, pooling="avg"
    )
    ends = [
        layers.Dense(1, name="age")(base.output),
        layers.Dense(1, activation="sigmoid", name="gender")(base.output),
        layers.Dense(7, activation="softmax", name="mood")(base.output),
    ]
    model = keras.Model(base.input, ends)
    fused = fuse_heads(model)
    assert find_heads(model)[0].layers == ("age", "gender", "mood")
    assert fused.model.count_params() == model.count_params()
    inside = keras.Input((32, 32, 3))
    on_top = keras.Model(inside, [layers.Dense(1)(base(inside)), layers.Dense(2)(base(inside))])
    assert [each.reason is None for each in find_heads(on_top)] == [False, False]  # two calls of the base


def test_names_that_keras_would_give_may_be_in_use():
    x = keras.Input((4,))
    trunk = layers.Dense(2, name="heads")(layers.Concatenate(name="concatenate")([x, x]))
    trunk = layers.Dense(2, name="split")(trunk)
    wide = layers.Dense(2, name="wide")(trunk)
    model = keras.Model(x, [wide, layers.Dense(1, name="thin")(trunk), layers.Dense(1, name="after")(wide)])
    keras.utils.clear_session()  # the next names are those of a new process
    fused = fuse_heads(model).model
    assert {"heads", "heads_1", "heads_1_split"} <= {layer["name"] for layer in fused.get_config()["layers"]}
    keras.utils.clear_session()
    assert split_heads(model).model.output_names == ["wide_0", "wide_1", "thin", "after"]


def test_a_frozen_nested_model_stays_frozen():
    base = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.BatchNormalization()], name="base")
    base.trainable = False
    x = keras.Input((4,))
    trunk = base(x, training=False)
    model = keras.Model(x, [layers.Dense(1)(trunk), layers.Dense(1)(trunk)])
    fused = fuse_heads(model).model
    assert not fused.get_layer("base").trainable
    assert [each.path for each in fused.trainable_variables] == ["heads/kernel", "heads/bias"]


def test_lambdas_in_a_nested_model_are_copied():
    x = keras.Input((4,))
    inner = keras.Sequential([keras.Input((4,)), layers.Lambda(lambda t: t / 2), layers.Dense(3)], name="inner")
    deep = keras.Model(x, keras.ops.tanh(inner(x)), name="deep")
    outer = keras.Input((4,))
    trunk = deep(outer)
    fused = fuse_heads(keras.Model(outer, [layers.Dense(1)(trunk), layers.Dense(1)(trunk)])).model
    assert [layer.name for layer in fused.get_layer("deep").layers if layer.weights] == ["inner"]


def test_a_state_that_is_no_weight_is_noticed():
    keras.utils.set_random_seed(0)

    class Counting(layers.Layer):
        shift = 0.0

        def call(self, x):
            return x + self.shift

    x = keras.Input((4,))
    counting = Counting()
    t = counting(x)
    model = keras.Model(x, [layers.Dense(1)(t), layers.Dense(1)(t)])
    counting.shift = 1.0
    with pytest.raises(ValueError, match="more than round-off"):
        fuse_heads(model)
