"""A style with its optimizer, compiled to run many steps in one call; and the cache that keeps the last few.

Layers, losses and optimizer are Keras's own. What makes it quicker than `model.fit`:
- one `tf.function` call runs a whole chunk of steps: the loop over batches is in the graph, not in Python;
- all weights lie in one flat variable, so that the optimizer's update is a handful of operations and not a handful
  for each weight (this holds for optimizers that treat each number by itself, as all on offer do);
- TensorFlow's single-threaded executor: no scheduling between operations that take microseconds.
Nothing is traced again for other weights, seeds, learning rates, loss weights, batch sizes or numbers of sequences.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from backend.architecture import Architecture
from backend.styles import Style
from backend.training import OPTIMIZERS, Optimizer
from backend.worker.build import Weights, weighted_layers

LOSSES: dict[str, type[keras.losses.Loss]] = {
    "mse": keras.losses.MeanSquaredError,
    "mae": keras.losses.MeanAbsoluteError,
    "huber": keras.losses.Huber,
    "binary_crossentropy": keras.losses.BinaryCrossentropy,
    "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
}

EXECUTOR = "SINGLE_THREADED_EXECUTOR"


class Compiled:
    """One style of an architecture under one optimizer.

    `train` and `evaluate` return the total loss and each head's, `(1 + heads,)`, as means over the sequences they saw.
    """

    def __init__(self, model: keras.Model, architecture: Architecture, style: Style, optimizer: Optimizer) -> None:
        self._model = model
        self._variables = model.trainable_variables
        self._shapes = [tuple(variable.shape) for variable in self._variables]
        self._sizes = [int(np.prod(shape)) for shape in self._shapes]
        self._layers = [(layer.name, len(layer.trainable_variables)) for layer in weighted_layers(model)]
        self._flat = keras.Variable(np.zeros(sum(self._sizes), np.float32), name="weights")
        self._optimizer: Any = eval(OPTIMIZERS[optimizer].format(rate=0.001), {"keras": keras})
        self._optimizer.build([self._flat])
        self._units = [head.units for head in architecture.heads]
        self._losses = [LOSSES[head.loss]() for head in architecture.heads]
        self._elementwise = keras.losses.get(architecture.heads[0].loss)
        self._one_output = style.one_output(architecture)
        self._names = [head.name for head in architecture.heads] if style.outputs == "dict" else None
        self._x = tf.TensorSpec((None, architecture.timesteps, architecture.features), tf.float32)
        self._y = tf.TensorSpec((None, sum(self._units)), tf.float32)
        self._loss_weights = tf.TensorSpec((len(self._units),), tf.float32)
        self._steps: dict[int | None, Any] = {}
        self._evaluate: Any = None
        #: Seconds a step took when last measured, so that the next run can size its first chunk.
        self.step_seconds: float | None = None

    def trace(self, sequences: int, batch: int) -> int:
        """Trace the graphs that training on so many sequences needs; returns how many were new.

        Graphs of a fixed batch size take a quarter less time a step. A smaller last batch has a graph for any size.
        """
        sizes = ([batch] if sequences >= batch else []) + ([None] if sequences % batch else [])
        new = [size for size in sizes if size not in self._steps]
        with tf.experimental.function_executor_type(EXECUTOR):
            for size in new:
                batches = tf.TensorSpec((None, size), tf.int32)
                graph = tf.function(self._train_graph, autograph=False)
                self._steps[size] = graph.get_concrete_function(self._x, self._y, batches, self._loss_weights)
            if self._evaluate is None:
                graph = tf.function(self._evaluate_graph, autograph=False)
                self._evaluate = graph.get_concrete_function(self._x, self._y, self._loss_weights)
                return len(new) + 1
        return len(new)

    def reset(self, weights: Mapping[str, Sequence[np.ndarray]], learning_rate: float) -> None:
        """Start again from `weights`, with an optimizer that has seen nothing."""
        arrays = [array for name, _ in self._layers for array in weights[name]]
        self._flat.assign(np.concatenate([np.ravel(array) for array in arrays]))
        for variable in self._optimizer.variables:
            variable.assign(np.zeros(variable.shape, variable.dtype))
        self._optimizer.learning_rate = learning_rate

    def weights(self) -> Weights:
        """A copy of the weights as they are now, by layer name."""
        parts = np.split(self._flat.numpy(), np.cumsum(self._sizes)[:-1])
        arrays = iter([part.reshape(shape) for part, shape in zip(parts, self._shapes, strict=True)])
        return {name: [next(arrays) for _ in range(count)] for name, count in self._layers}

    def train(self, x: tf.Tensor, y: tf.Tensor, batches: np.ndarray, loss_weights: tf.Tensor) -> np.ndarray:
        """Take one step for each row of `batches` (steps, batch), which holds positions in `x`."""
        steps = self._steps.get(batches.shape[1]) or self._steps[None]
        with tf.experimental.function_executor_type(EXECUTOR):
            losses: np.ndarray = steps(x, y, tf.constant(batches, tf.int32), loss_weights).numpy()
            return losses

    def evaluate(self, x: tf.Tensor, y: tf.Tensor, loss_weights: tf.Tensor) -> tuple[np.ndarray, np.ndarray]:
        """Losses on these sequences, and the outputs (n, units of all heads side by side)."""
        with tf.experimental.function_executor_type(EXECUTOR):
            losses, outputs = self._evaluate(x, y, loss_weights)
            return losses.numpy(), outputs.numpy()

    def _train_graph(self, x: tf.Tensor, y: tf.Tensor, batches: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
        xs, ys = tf.gather(x, batches), tf.gather(y, batches)
        steps = tf.shape(batches)[0]

        def body(step: tf.Tensor, sums: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            return step + 1, sums + self._step(xs[step], ys[step], weights)

        start = (tf.constant(0), tf.zeros((1 + len(self._units),)))
        _, sums = tf.while_loop(lambda step, _: step < steps, body, start)
        return sums / tf.cast(steps, tf.float32)

    def _step(self, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
        parts = tf.split(self._flat.value, self._sizes)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(parts)
            losses, _ = self._forward(parts, x, y, weights)
        gradients = tape.gradient(losses[0], parts)
        self._optimizer.apply([tf.concat([tf.reshape(gradient, [-1]) for gradient in gradients], 0)], [self._flat])
        return tf.stack(losses)

    def _evaluate_graph(self, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        losses, outputs = self._forward(tf.split(self._flat.value, self._sizes), x, y, weights)
        return tf.stack(losses), outputs

    def _forward(
        self, parts: list[tf.Tensor], x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor
    ) -> tuple[list[tf.Tensor], tf.Tensor]:
        """Total loss and each head's, and the outputs side by side."""
        values = [tf.reshape(part, shape) for part, shape in zip(parts, self._shapes, strict=True)]
        with keras.StatelessScope(zip(self._variables, values, strict=True)):
            outputs = self._model(x, training=True)
        if self._one_output:
            total = self._losses[0](y, outputs)
            return [total, *self._fused_heads(y, outputs, total)], outputs
        if self._names:
            outputs = [outputs[name] for name in self._names]
        truths = tf.split(y, self._units, axis=1)
        heads = [loss(truth, output) for loss, truth, output in zip(self._losses, truths, outputs, strict=True)]
        total = sum(weight * head for weight, head in zip(tf.unstack(weights), heads, strict=True))
        return [total, *heads], tf.concat(outputs, 1)

    def _fused_heads(self, y: tf.Tensor, outputs: tf.Tensor, total: tf.Tensor) -> list[tf.Tensor]:
        """Each head's loss within one fused output: Keras's loss of every unit, averaged over the head's units."""
        if len(self._units) == 1:
            return [total]
        each = tf.expand_dims(outputs, -1)
        if hasattr(outputs, "_keras_logits"):
            # Keras computes a cross-entropy from the logits it finds here; the same for each unit.
            each._keras_logits = tf.expand_dims(outputs._keras_logits, -1)
        units = tf.reduce_mean(self._elementwise(tf.expand_dims(y, -1), each), axis=0)
        return [tf.reduce_mean(part) for part in tf.split(units, self._units)]


class Cache:
    """The compiled styles used last, so that a known architecture starts at once.

    Bounded: whatever it drops still leaks (TensorFlow does not give a traced graph's memory back), so a worker is
    renewed after some traces all the same.
    """

    def __init__(self, size: int = 8) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, Compiled] = OrderedDict()

    def take(self, key: Hashable, make: Callable[[], Compiled]) -> Compiled:
        """The compiled style under `key`, made where it was not kept."""
        if key not in self._kept:
            self._kept[key] = make()
        self._kept.move_to_end(key)
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return self._kept[key]

    def clear(self) -> None:
        """Forget all, as in a fresh worker."""
        self._kept.clear()
