"""Training with the methods: each step is the one that the method's weights say."""

import keras
import numpy as np
import pytest
from keras import layers

from tests.two_heads.models import data_for, outputs, two_outputs
from tests.two_heads.weightings.gramians import GOLDEN_TWO, TWO
from two_heads import combine, fuse_heads

pytestmark = pytest.mark.slow
EVERY_KIND = ("uw", "famo", "gradnorm", "gls", *(pytest.param(key, marks=pytest.mark.soak) for key in ("rlw", "stch")))


def slope(target, prediction):
    """A loss whose gradient is the input of a linear head."""
    return keras.ops.mean(prediction, axis=-1)


def known(gradients: np.ndarray, **settings: str) -> tuple[keras.Model, list[np.ndarray], list[np.ndarray]]:
    """One layer for all heads, and inputs with which the gradients of the losses are those given, (heads, weights)."""
    shared = layers.Dense(1, use_bias=False, name="shared", **settings)
    inputs = [keras.Input((gradients.shape[1],), name=f"x{i}") for i in range(len(gradients))]
    ends = [layers.Activation("linear", name=f"h{i}")(shared(x)) for i, x in enumerate(inputs)]
    model = keras.Model(inputs, ends)
    model.compile(keras.optimizers.SGD(1.0), [slope] * len(gradients))
    return model, [row[None].astype("float32") for row in gradients], [np.zeros((1, 1))] * len(gradients)


@pytest.mark.parametrize(
    "key", [pytest.param(key, marks=() if key == "pcgrad" else pytest.mark.soak) for key in GOLDEN_TWO]
)
def test_a_step_of_two_heads_is_the_golden_one(key):
    model, x, y = known(TWO)
    before = model.get_layer("shared").get_weights()[0][:, 0]
    combine(model, key).fit(x, y, epochs=1, verbose=0)
    np.testing.assert_allclose(
        before - model.get_layer("shared").get_weights()[0][:, 0], TWO.T @ GOLDEN_TWO[key], atol=1e-3
    )


@pytest.mark.parametrize("key", ["pcgrad", "uw"])
def test_a_regularizer_adds_its_own_gradient_to_the_step(key):
    steps = []
    for settings in ({}, {"kernel_regularizer": "l2"}):
        keras.utils.set_random_seed(0)
        model, x, y = known(TWO, **settings)
        before = model.get_weights()[0]
        combine(model, key).fit(x, y, epochs=1, verbose=0)
        steps.append(before - model.get_weights()[0])
    np.testing.assert_allclose(steps[1] - steps[0], 2 * 0.01 * before, atol=1e-5)  # Keras's "l2" is 0.01


def test_the_sum_trains_as_keras_does():
    histories = []
    for make in (lambda model: model, lambda model: combine(model, "sum")):
        keras.utils.set_random_seed(0)
        x = keras.Input((4,))
        trunk = layers.Dropout(0.3, seed=2)(layers.Dense(6, kernel_regularizer="l2")(layers.Embedding(3, 1)(x)[..., 0]))
        model = keras.Model(x, {"a": layers.Dense(1, name="a")(trunk), "b": layers.Dense(2, name="b")(trunk)})
        model.compile("adam", "mse", metrics={"b": ["mae"]}, run_eagerly=True)
        inputs, targets = data_for(model)
        settings = {"epochs": 2, "batch_size": 8, "shuffle": False, "verbose": 0}
        fit = make(model).fit(np.abs(inputs) % 3 // 1, targets, validation_data=(inputs * 0, targets), **settings)
        histories.append(fit.history)
    assert histories[0].keys() == histories[1].keys()
    for name, values in histories[0].items():
        assert histories[1][name] == pytest.approx(values, rel=1e-5), name


@pytest.mark.parametrize("key", EVERY_KIND)
def test_every_way_to_take_part_in_a_step_trains(key):
    model = two_outputs()
    model.compile("sgd", "mse")
    x, y = data_for(model)
    combined = combine(model, key)
    before = [np.array(each) for each in model.get_weights()]
    ended = []
    mine = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: ended.append(logs["loss"]))
    losses = combined.fit(x, y, epochs=2, batch_size=8, verbose=0, callbacks=[mine]).history["loss"]
    assert ended == losses
    assert np.isfinite(losses).all()
    assert any(np.any(one != other) for one, other in zip(before, model.get_weights(), strict=True))
    assert len(combined.weights) == len(model.weights)


def nested() -> keras.Model:
    """Two heads inside of a nested model."""
    x = keras.Input((4,))
    return keras.Model(x, two_outputs()(layers.Dense(4)(x)))


@pytest.mark.parametrize(("key", "make"), [("mgda", two_outputs), ("mgda", nested), ("gradnorm", two_outputs)])
def test_a_fused_model_takes_the_steps_of_separate_heads(key, make):
    keras.utils.set_random_seed(0)
    model = make()
    model.compile(keras.optimizers.SGD(0.1), "mse", run_eagerly=True)
    x, y = data_for(model)
    ends = []
    for each in (fuse_heads(model).model, model):
        combined = combine(each, key)
        combined.fit(x, y, batch_size=8, shuffle=False, verbose=0)
        ends.append([*outputs(each, x), *combined.steps.values().values()])
    for one, other in zip(*ends, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(("key", "rate"), [("famo", 0.0), ("famo", 0.1), ("gradnorm", 0.1)])
def test_a_step_changes_the_states_of_layers_as_one_forward_pass_does(key, rate):
    states = []
    for make in (lambda model: model, lambda model: combine(model, key)):
        keras.utils.set_random_seed(0)
        x = keras.Input((4,))
        trunk = layers.Dropout(0.5, seed=1)(layers.BatchNormalization()(layers.Dense(8)(x)))
        model = keras.Model(x, [layers.Dense(1, name="a")(trunk), layers.Dense(1, name="b")(trunk)])
        model.compile(keras.optimizers.SGD(rate), "mse")
        trained = make(model)
        inputs, targets = data_for(model)
        trained.fit(inputs, targets, batch_size=len(inputs), shuffle=False, verbose=0)  # one step
        states.append([np.array(each) for each in model.non_trainable_variables])
    for one, other in zip(*states, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)
    if not rate:
        # With equal masks, no loss falls. The logits may move: Adam makes a step of a difference by rounding, too.
        np.testing.assert_allclose(trained.steps.values()["momentum"], 0, atol=1e-4)


def test_what_cannot_be_combined_has_a_sentence():
    model = two_outputs()
    with pytest.raises(ValueError, match="is not compiled"):
        combine(model, "pcgrad")
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match=r"There is no method 'best'\. The methods are "):
        combine(model, "best")
    x, y = data_for(model)
    with pytest.raises(ValueError, match="Sample weights are not supported"):
        combine(model, "pcgrad").fit(x, y, sample_weight=[np.ones(24)] * 2, verbose=0)
    half = two_outputs(dtype="float16")
    half.compile("sgd", "mse")
    with pytest.raises(ValueError, match="computes in float16"):
        combine(half, "pcgrad")
