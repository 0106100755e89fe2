"""Heads become one layer, and training goes on."""

import keras
import numpy as np
import pytest
from keras import layers

from tests.two_heads.models import data_for, outputs, two_outputs
from two_heads import fuse_heads, split_heads


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


def test_a_frozen_nested_model_stays_frozen():
    base = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.BatchNormalization()], name="base")
    base.trainable = False
    x = keras.Input((4,))
    trunk = base(x, training=False)
    model = keras.Model(x, [layers.Dense(1)(trunk), layers.Dense(1)(trunk)])
    fused = fuse_heads(model).model
    assert not fused.get_layer("base").trainable
    assert [each.path for each in fused.trainable_variables] == ["heads/kernel", "heads/bias"]


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
