"""The callback that measures whether the heads' gradients conflict."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from tests.two_heads.models import data_for, two_outputs
from two_heads import GradientConflict

pytestmark = pytest.mark.slow
FIT = {"batch_size": 8, "verbose": 0}


def restless() -> keras.Model:
    """A model that draws at random, and keeps statistics, in training."""
    keras.utils.set_random_seed(1)
    x = keras.Input((4,), name="x")
    trunk = layers.BatchNormalization()(layers.Dropout(0.4)(layers.Dense(8, activity_regularizer="l2")(x)))
    model = keras.Model(x, {"a": layers.Dense(1, name="a")(trunk), "b": layers.Dense(1, name="b")(trunk)})
    model.compile("adam", "mse", metrics={"a": ["mae"]})
    return model


def test_a_run_has_the_same_bits_with_and_without():
    ends, histories = [], []
    for callbacks in (lambda *_: [], lambda x, y: [GradientConflict(x, y, batch_size=5)]):
        model = restless()
        x, y = data_for(model)
        histories.append(model.fit(x, y, epochs=2, callbacks=callbacks(x, y), **FIT).history)
        ends.append([*model.get_weights(), *(np.asarray(each) for each in model.optimizer.variables)])
    assert histories[0] == histories[1]
    for one, other in zip(*ends, strict=True):
        np.testing.assert_array_equal(one, other)


def linear(targets: dict[str, list[float]]) -> tuple[keras.Model, np.ndarray, dict[str, np.ndarray]]:
    """One weight w for all heads: the loss of each is (w·x - y)², and its gradient 2x(w·x - y), known by hand."""
    x = keras.Input((1,), name="x")
    shared = layers.Dense(1, use_bias=False, kernel_initializer="ones", name="shared")(x)
    model = keras.Model(x, {name: layers.Activation("linear", name=name)(shared) for name in targets})
    model.compile(keras.optimizers.SGD(0.0), dict.fromkeys(targets, "mse"), run_eagerly=True)
    return model, np.ones((4, 1)), {name: np.array(values)[:, None] for name, values in targets.items()}


def test_cosine_ratio_and_rate_are_those_computed_by_hand():
    # w = 1: the gradients are 2(1 - y), so a pulls down by 2, 2, 2, 2 and b by 4, -2, -2, -4 in the batches of one row.
    model, x, y = linear({"a": [0, 0, 0, 0], "b": [-1, 2, 2, 3]})
    measured = GradientConflict(x, y, batch_size=1)
    model.fit(x, y, epochs=1, callbacks=[measured], verbose=0)
    (pair,) = measured.history[0]["pairs"]
    assert pair == {"heads": ["a", "b"], "cosine": -1.0, "length_ratio": 0.5, "conflict_rate": 0.75}


def test_the_gradients_are_those_of_a_tape():
    model = two_outputs()
    model.compile("sgd", ["mse", keras.losses.Huber()])
    x, y = data_for(model)
    measured = GradientConflict(x, y, batch_size=7)
    model.fit(x, y, epochs=1, callbacks=[measured], **FIT)
    trunk = model.get_layer("trunk").trainable_variables
    with tf.GradientTape(persistent=True) as tape:
        one, two = model(x)
        losses = [tf.reduce_mean((y[0] - one) ** 2), keras.losses.Huber()(y[1], two)]
    g, h = (np.concatenate([np.ravel(each) for each in tape.gradient(of, [v.value for v in trunk])]) for of in losses)
    (pair,) = measured.history[-1]["pairs"]
    assert pair["cosine"] == pytest.approx(g @ h / np.linalg.norm(g) / np.linalg.norm(h), abs=1e-4)
    assert pair["length_ratio"] == pytest.approx(np.linalg.norm(h) / np.linalg.norm(g), rel=1e-4)


def test_every_third_epoch_and_the_last_are_measured_over_all_calls_of_fit(tmp_path):
    model, x, y = linear({"a": [0, 0, 0, 0], "b": [2, 2, 2, 3]})
    measured = GradientConflict(x, y, every=3)
    for _ in range(2):
        model.fit(x, y, epochs=4, callbacks=[measured], verbose=0)
    assert [each["epoch"] for each in measured.history] == [0, 3, 4, 6, 8]
    read = json.loads(measured.save(tmp_path / "conflict.json").read_text())
    assert read["schema"] == 1
    assert read["history"] == measured.history
    assert len(measured.plot().data) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"every": 0}, "every is 0, and batch_size 32. They have to be whole numbers from 1."),
        ({"x": np.ones((0, 1))}, "The arrays of x have 0 rows"),
        ({"y": {"a": np.ones((4, 1))}}, "no targets for the output 'b'. It has a."),
        ({"y": [np.ones((4, 1))] * 2}, "The outputs are a dictionary, so y has to be one, of a, b."),
        ({"y": dict.fromkeys("ab", np.ones((3, 1)))}, "The arrays of y have 3 rows. They have to have 4, as x"),
    ],
)
def test_what_does_not_fit_has_a_sentence(change, sentence):
    model, x, y = linear({"a": [0, 0, 0, 0], "b": [2, 2, 2, 3]})
    with pytest.raises(ValueError, match=sentence.replace(".", r"\.")):
        model.fit(x, y, epochs=1, callbacks=[GradientConflict(**({"x": x, "y": y} | change))], verbose=0)
