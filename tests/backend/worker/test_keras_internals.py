"""Private APIs of Keras and TensorFlow: each does what we use it for, and no other file uses one."""

import gc
import random

import keras
import numpy as np
import pytest
import tensorflow as tf

from backend.worker.build import build
from backend.worker.keras_internals import (
    fresh_names_and_seeds,
    gradient_functions,
    release_traced_graphs,
    with_last_axis,
    without_weights,
)

SOURCE = (
    "import keras\n"
    "model = keras.Sequential([keras.Input((4, 2)), keras.layers.LSTM(3, unroll=True), keras.layers.Dense(1)])\n"
)
X, Y = np.zeros((8, 4, 2), "float32"), np.zeros((8, 1), "float32")


def trained(source):
    model = build(source)
    model.compile(optimizer="sgd", loss="mse")
    model.fit(X, Y, verbose=0)
    return model


def graphs():
    for _ in range(2):  # what a finalizer of the first one releases
        gc.collect()
    return sum(type(each).__name__ == "FuncGraph" for each in gc.get_objects())


@pytest.mark.slow
def test_released_graphs_are_freed_and_a_model_from_before_still_trains():
    kept = trained(SOURCE)
    before, registered = graphs(), gradient_functions()
    with release_traced_graphs():
        trained(SOURCE)
        assert gradient_functions() > registered
    assert graphs() == before
    assert gradient_functions() == registered
    kept.fit(X, Y, verbose=0)
    trained(SOURCE)  # and a new one is traced as ever


@pytest.mark.slow
def test_layer_names_start_again_and_the_generator_of_the_process_is_left_alone():
    state = random.getstate()
    made = []
    for _ in range(2):
        with fresh_names_and_seeds(3):
            layer = keras.layers.Dense(2)
            layer.build((None, 4))
        made.append((layer.name, np.asarray(layer.kernel).tolist()))
    assert made[0] == made[1]
    assert made[0][0] == "dense"
    assert random.getstate() == state


@pytest.mark.slow
def test_a_model_without_weights_never_gets_them():
    with without_weights():
        huge = keras.Sequential([keras.Input((10**6,)), keras.layers.Dense(10**6)])
    with keras.StatelessScope():
        keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    assert huge.count_params() == 10**12 + 10**6


@pytest.mark.slow
def test_a_loss_by_unit_is_computed_from_the_logits():
    """The output is 1 in float32: only the logit, 40, gives the cross-entropy with the wrong label."""
    outputs = keras.layers.Dense(1, kernel_initializer="ones", activation="sigmoid")(tf.constant([[40.0]]))
    each = keras.losses.binary_crossentropy(tf.constant([[[0.0]]]), with_last_axis(outputs))
    assert float(tf.reduce_sum(each)) == pytest.approx(40.0)
