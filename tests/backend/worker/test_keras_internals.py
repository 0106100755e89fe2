"""What is traced while forgetting is forgotten; what was traced before is not, and goes on."""

import gc

import numpy as np
import pytest
from tensorflow.python.framework import ops

from backend.worker.build import build
from backend.worker.keras_internals import release_traced_graphs

pytestmark = pytest.mark.slow


def trained(source):
    model = build(source)
    model.compile(optimizer="sgd", loss="mse")
    model.fit(np.zeros((8, 4, 2), "float32"), np.zeros((8, 1), "float32"), verbose=0)
    return model


def graphs():
    gc.collect()
    return sum(type(each).__name__ == "FuncGraph" for each in gc.get_objects())


SOURCE = (
    "import keras\n"
    "model = keras.Sequential([keras.Input((4, 2)), keras.layers.LSTM(3, unroll=True), keras.layers.Dense(1)])\n"
)


def test_a_traced_model_goes_and_one_from_before_still_trains():
    kept = trained(SOURCE)
    before, registered = graphs(), set(ops.gradient_registry._registry)
    with release_traced_graphs():
        trained(SOURCE)
    assert graphs() == before
    assert set(ops.gradient_registry._registry) == registered
    kept.fit(np.zeros((8, 4, 2), "float32"), np.zeros((8, 1), "float32"), verbose=0)
    trained(SOURCE)  # and a new one is traced as ever


def test_an_error_within_forgets_too():
    registered = set(ops.gradient_registry._registry)

    def fail():
        trained(SOURCE)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), release_traced_graphs():
        fail()
    assert set(ops.gradient_registry._registry) == registered
