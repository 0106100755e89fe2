"""Private APIs of Keras and TensorFlow: each does what we use it for, and no other file uses one."""

import ast
import gc
import random
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from backend.worker.build import build
from backend.worker.keras_internals import (
    callback_in_each_fit,
    fit_batches,
    fresh_names_and_seeds,
    gradient_functions,
    release_traced_graphs,
    set_steps_per_execution,
    train_graph,
    with_last_axis,
)

ROOT = Path(__file__).parents[3]
#: The one file of the app, and the one of the library.
ALLOWED = ("backend/worker/keras_internals.py", "two_heads/graph.py")
FOLDERS = ("two_heads", "backend", "benchmarks", "components", "pages", "tests")
SOURCE = (
    "import keras\n"
    "model = keras.Sequential([keras.Input((4, 2)), keras.layers.LSTM(3, unroll=True), keras.layers.Dense(1)])\n"
)
X, Y = np.zeros((8, 4, 2), "float32"), np.zeros((8, 1), "float32")


def private_uses(source):
    """The lines of Python `source` that import, read or replace what is not public in Keras or TensorFlow."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [name.name for name in node.names]
            if isinstance(node, ast.ImportFrom):
                modules = [f"{node.module}.{name}" for name in modules]
            if any(f"{name}.".startswith(("keras.src.", "tensorflow.python.")) for name in modules):
                yield node.lineno
        elif isinstance(node, ast.Attribute):
            *owners, _ = dotted(node)
            library = owners[:1] in (["keras"], ["tf"], ["tensorflow"])
            replaced = library and not isinstance(node.ctx, ast.Load)
            inner = library and ((node.attr.startswith("_") and not node.attr.startswith("__")) or node.attr == "src")
            set_late = node.attr == "steps_per_execution" and not isinstance(node.ctx, ast.Load)
            if replaced or inner or set_late or node.attr in KNOWN:
                yield node.lineno
        elif isinstance(node, ast.Constant) and node.value in KNOWN:  # as for `getattr`
            yield node.lineno


#: What we use of objects that Keras and TensorFlow hand out.
KNOWN = ("_keras_" + "logits", "_keras_" + "mask", "gradient_" + "registry", "multi_step_on_" + "iterator")


def dotted(node):
    """The names of `a.b.c`; "" for anything else that an attribute is read from."""
    if isinstance(node, ast.Attribute):
        return [*dotted(node.value), node.attr]
    return [node.id if isinstance(node, ast.Name) else ""]


@pytest.mark.slow
def test_private_apis_of_keras_and_tensorflow_are_used_in_one_file():
    sources = {path: path.read_text() for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")}
    words = ("keras", "tensorflow", "steps_per_execution", *KNOWN)  # each use has one of them
    found = {
        f"{path.relative_to(ROOT)}:{line}"
        for path, source in sources.items()
        if any(word in source for word in words)
        for line in private_uses(source)
    }
    assert {use for use in found if not use.startswith(ALLOWED)} == set()
    assert found, "the check finds those that are there"


@pytest.mark.parametrize(
    "line",
    [
        "from keras.src.utils import naming",
        "from keras.src import utils",
        "from tensorflow.python.eager import context",
        "import tensorflow.python",
        "keras.src.utils.naming.reset_uids()",
        "keras.Model.fit = print",
        "keras.utils.set_random_seed = print",
        "del keras.Model.fit",
        "tf._api",
        f"outputs.{KNOWN[0]}",
        f"getattr(outputs, '{KNOWN[0]}')",
        "model.steps_per_execution = 8",
    ],
)
def test_the_check_finds(line):
    assert list(private_uses(line)) == [1]


@pytest.mark.parametrize("line", ["keras.Model(x)", "model.fit(x)", "import keras", "keras.__version__", "self._keras"])
def test_the_check_leaves_what_is_public(line):
    assert list(private_uses(line)) == []


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
def test_graphs_are_released_after_an_exception_too():
    registered = gradient_functions()

    def fail():
        trained(SOURCE)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), release_traced_graphs():
        fail()
    assert gradient_functions() == registered


@pytest.mark.slow
def test_layer_names_start_again_and_the_generator_of_the_process_is_left_alone():
    usual, state = keras.utils.set_random_seed, random.getstate()
    made = []
    for _ in range(2):
        with fresh_names_and_seeds(3):
            layer = keras.layers.Dense(2)
            layer.build((None, 4))
        made.append((layer.name, np.asarray(layer.kernel).tolist()))
    assert made[0] == made[1]
    assert made[0][0] == "dense"
    assert keras.utils.set_random_seed is usual
    assert random.getstate() == state


@pytest.mark.slow
def test_a_callback_is_in_every_fit_and_each_model_is_counted_once():
    batches, models = [], []
    watch = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: batches.append(batch))
    usual = keras.Model.fit
    with callback_in_each_fit(watch, first_fit=lambda: models.append(1)):
        model = trained(SOURCE)
        for given in (None, keras.callbacks.Callback(), [keras.callbacks.Callback()]):
            model.fit(X, Y, None, 1, 0, given)
        trained(SOURCE)
    assert (len(batches), len(models)) == (5, 2)
    model.fit(X, Y, verbose=0)
    assert len(batches) == 5
    assert keras.Model.fit == usual


@pytest.mark.slow
def test_several_steps_run_in_one_call():
    model = build(SOURCE)
    model.compile(optimizer="sgd", loss="mse")
    set_steps_per_execution(model, 4)
    model.make_train_function()
    model.train_function(fit_batches(X, Y, 2))
    assert int(model.optimizer.iterations) == 4
    assert train_graph(model).experimental_get_tracing_count() == 1


@pytest.mark.slow
def test_a_loss_by_unit_is_computed_from_the_logits():
    """The output is 1 in float32: only the logit, 40, gives the cross-entropy with the wrong label."""
    outputs = keras.layers.Dense(1, kernel_initializer="ones", activation="sigmoid")(tf.constant([[40.0]]))
    each = keras.losses.binary_crossentropy(tf.constant([[[0.0]]]), with_last_axis(outputs))
    assert float(tf.reduce_sum(each)) == pytest.approx(40.0)
