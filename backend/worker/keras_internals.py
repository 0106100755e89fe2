"""Every use of Keras and TensorFlow beyond their public APIs. Look here first after an upgrade of either.

Each function says why it is needed. All were checked on Keras 3.15.1 and TensorFlow 2.21; their tests are in
`tests/backend/worker/test_keras_internals.py`. Ruff refuses private modules in any other file.
"""

from __future__ import annotations

import ctypes
import gc
import inspect
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from weakref import WeakSet

import keras
import numpy as np
import tensorflow as tf
from keras.src.backend.common import global_state
from keras.src.optimizers.base_optimizer import BaseOptimizer
from keras.src.random import seed_generator
from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter
from keras.src.utils import naming
from tensorflow.core.protobuf import config_pb2
from tensorflow.python.eager import context
from tensorflow.python.framework import ops


@contextmanager
def fresh_names_and_seeds(seed: int | None = None) -> Iterator[None]:
    """Have Keras name layers and draw initial weights as in a fresh process.

    `seed`, or a `keras.utils.set_random_seed` within, decides the weights. Keras's initializers take their seeds from
    Python's global generator. Dask's threads use that one too, so a generator of our own is put in its place. The
    public `clear_session` would reset the name counters as well, but it clears TensorFlow's kernel cache, which costs
    a compiled style 0.1 s at its next step.
    """
    naming.reset_uids()
    own = random.Random(seed)
    usual = seed_generator.python_random, keras.utils.set_random_seed
    seed_generator.python_random, keras.utils.set_random_seed = own, own.seed
    try:
        yield
    finally:
        seed_generator.python_random, keras.utils.set_random_seed = usual


@contextmanager
def without_weights() -> Iterator[None]:
    """Have Keras build models of any size: their variables have shapes, and never get values.

    Keras keeps the variables of a `StatelessScope(initialize_variables=False)` in a global list. The next scope that
    ends would draw the initial weights of all of them, so they are taken off the list.
    """
    waiting = list(global_state.get_global_attribute("uninitialized_variables", []))
    try:
        with keras.StatelessScope(initialize_variables=False):
            yield
    finally:
        global_state.set_global_attribute("uninitialized_variables", waiting)


def operations_in_order() -> AbstractContextManager[None]:
    """Have TensorFlow execute the operations of a graph one after the other, always in the same order.

    With several threads, whichever operation ends first decides into which input's buffer `AddN` writes, and so in
    which order it adds up a weight's gradients over the timesteps. Float32 then rounds differently from run to run.
    TensorFlow has no public setting for one function.
    """
    executor: AbstractContextManager[None] = context.function_executor_type("SINGLE_THREADED_EXECUTOR")
    return executor


def let_idle_threads_sleep() -> None:
    """Have TensorFlow's idle threads sleep instead of spinning, which takes the cores from those that compute.

    Call this before the first operation. TensorFlow has no public setting for it.
    """
    config = config_pb2.ConfigProto()
    config.experimental.disable_thread_spinning = True
    context.context()._config = config


def with_last_axis(outputs: tf.Tensor) -> tf.Tensor:
    """`outputs` with an axis of length 1 at the end, and its logits too.

    Keras attaches the logits to the output of a sigmoid or softmax and computes a cross-entropy from them. Without
    them the loss would round differently.
    """
    expanded = tf.expand_dims(outputs, -1)
    if hasattr(outputs, "_keras_logits"):
        expanded._keras_logits = tf.expand_dims(outputs._keras_logits, -1)
    return expanded


@contextmanager
def callback_in_each_fit(callback: keras.callbacks.Callback, first_fit: Callable[[], None]) -> Iterator[None]:
    """Add `callback` to every `model.fit`; call `first_fit` before the first one of each model, which traces it.

    Keras has no callbacks for all models, so `keras.Model.fit` is replaced. A worker runs one job at a time.
    """
    usual = keras.Model.fit
    signature = inspect.signature(usual)
    fitted: WeakSet[keras.Model] = WeakSet()

    def fit(model: keras.Model, *arguments: Any, **options: Any) -> Any:
        if model not in fitted:
            fitted.add(model)
            first_fit()
        call = signature.bind(model, *arguments, **options)
        given = call.arguments.get("callbacks")  # None, one callback, or several
        call.arguments["callbacks"] = [*(keras.tree.flatten(given) if given else []), callback]
        return usual(*call.args, **call.kwargs)

    keras.Model.fit = fit
    try:
        yield
    finally:
        del keras.Model.fit  # it is inherited


def fit_batches(x: np.ndarray, y: Any, batch: int) -> Iterator[Any]:
    """Endless batches from the data set that `fit` makes of arrays: timing another one would not time `fit`."""
    data = ArrayDataAdapter(x, y, batch_size=batch, shuffle=True).get_tf_dataset()
    return iter(data.repeat())


def train_graph(model: keras.Model) -> Any:
    """The `tf.function` in the model's train function, which must exist already. Keras keeps it in a closure."""
    return inspect.getclosurevars(model.train_function).nonlocals["multi_step_on_iterator"]


def gradient_functions() -> set[str]:
    """The names of the gradient functions in TensorFlow's registry."""
    return set(ops.gradient_registry._registry)


@contextmanager
def release_traced_graphs() -> Iterator[None]:
    """Free the graphs that are traced within, once nothing else refers to them. They cannot be traced again later.

    While TensorFlow traces, it registers each gradient function for good, and with it the whole graph: 11 MB for a
    small model, 200 MB for one with 64 heads. `clear_session` does not remove these entries; this does. It then
    returns the freed memory to the system, because fragmented memory would otherwise add up to as much.
    """
    registry: dict[str, Any] = ops.gradient_registry._registry
    before = set(registry)
    try:
        yield
    finally:
        for name in set(registry) - before:
            if name.startswith("CustomGradient-"):
                del registry[name]
        gc.collect()
        if sys.platform == "linux":
            trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
            if trim is not None:
                trim(0)


def stateless(optimizer: keras.optimizers.Optimizer) -> keras.optimizers.Optimizer:
    """The same optimizer, whose `stateless_apply` works. It must not be built yet.

    On TensorFlow, Keras refuses `stateless_apply`, because its optimizers assign to variables by `tf.distribute`, which
    a `StatelessScope` does not see. Keras's own methods for all backends do the same arithmetic by `Variable.assign`.
    """
    usual = BaseOptimizer
    names = ("assign", "assign_add", "assign_sub", "_var_key", "_apply_weight_decay", "_backend_update_step")
    methods = {name: getattr(usual, name) for name in (*names, "stateless_apply")}
    own: type[keras.optimizers.Optimizer] = type(type(optimizer).__name__, (type(optimizer),), methods)
    return own.from_config(optimizer.get_config())
