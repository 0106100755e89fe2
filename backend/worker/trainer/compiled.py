"""A style with its optimizer, compiled to run many steps in one call.

Layers, losses and optimizer are Keras's own, on the model's own variables. A step is the same graph as that of
`model.fit`, so that both round alike (docs/decisions/trainer.md says what else was tried, and what it cost). Only the
rest is faster: one `tf.function` call runs a whole chunk of steps, with the loop over batches in the graph. Other
weights, seeds, learning rates, loss weights or numbers of sequences need no new trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from backend.experiment.optimizers import OPTIMIZERS, Optimizer
from backend.worker.build import Weights, load, weighted_layers
from backend.worker.keras_internals import operations_in_order
from backend.worker.trainer.forward import Forward
from two_heads.method_step import MethodStep
from two_heads.weightings import Weighting

#: Inputs, targets side by side, and the loss weights of the heads.
Batch = tuple[tf.Tensor, tf.Tensor, tf.Tensor]


class Compiled:
    """One style of an architecture under one optimizer, and under a method if one combines its head losses.

    Losses are the total and each head's, `(1 + heads,)` in float64: each batch's mean, times its number of sequences,
    added up in the order of the batches. The caller passes the sum so far, so that the result has the same bits
    however the batches are divided into calls.
    """

    def __init__(self, forward: Forward, optimizer: Optimizer, method: Weighting | None = None) -> None:
        self._forward = forward
        self._model = forward.model
        self._optimizer: Any = eval(OPTIMIZERS[optimizer].source(0.001), {"keras": keras})
        self._method = MethodStep(method.on(keras.ops), forward.model, len(forward.units)) if method else None
        self._losses = 1 + len(forward.units)
        #: The graph of a step by batch size, None for any; that of an evaluation; that which reads the weights.
        self._steps: dict[int | None, Any] = {}
        self._evaluate: Any = None
        self._read: Any = None
        #: Seconds that a step last took, by batch size, so that the next run can size its first chunk.
        self.step_seconds: dict[int, float] = {}
        self._build()

    def _build(self) -> None:
        """Give the optimizer its variables."""
        self._optimizer.build(self._method.variables if self._method else self._model.trainable_variables)

    def trace(
        self, data: Batch, training: int, batch: int, evaluated: Sequence[Batch], executor: Executor
    ) -> Iterator[Future[Any]]:
        """Trace the missing graphs for training on the first sequences of `data`, one at each `next`.

        TensorFlow optimizes a graph in its first call, and releases Python's lock meanwhile. `executor` makes that
        call, without a step, while the next graph is traced. The caller waits for the futures.
        `evaluated` are the pieces in which the caller evaluates.
        """
        # A graph for one batch size takes a quarter less time per step. A smaller last batch uses a graph for any size.
        for size in ([batch] if training >= batch else []) + ([None] if training % batch else []):
            if size not in self._steps:
                batches, sums = tf.zeros((0, size or 1), tf.int32), tf.zeros((self._losses,), tf.float64)
                spec = tf.TensorSpec((None, size), tf.int32)
                self._steps[size] = self._traced(self._train_graph, *self._any(data), spec, sums)
                yield executor.submit(partial(self._steps[size], *data, batches, sums))
        if self._evaluate is None:
            self._evaluate = self._traced(self._evaluate_graph, *self._any(data))
            yield executor.submit(self._evaluate, *evaluated[0])
        if self._read is None:  # traced here, because both threads read weights at the same time
            self._read = tf.function(self._read_graph, autograph=False).get_concrete_function()

    @staticmethod
    def _any(data: Batch) -> list[tf.TensorSpec]:
        """What graphs for any number of sequences expect."""
        x, y, weights = data
        specs = [tf.TensorSpec((None, *each.shape[1:]), each.dtype) for each in (x, y)]
        return [*specs, tf.TensorSpec(weights.shape, weights.dtype)]

    def _traced(self, graph: Callable[..., Any], *inputs: Any) -> Any:
        with operations_in_order():
            traced = tf.function(graph, autograph=False).get_concrete_function(*inputs)

        def call(*inputs: Any) -> Any:
            with operations_in_order():
                return traced(*inputs)

        return call

    def reset(self, weights: Mapping[str, Sequence[np.ndarray]], learning_rate: float, seed: int) -> None:
        """Start again from `weights`, with an empty optimizer. `seed` decides what a method draws."""
        load(self._model, weights)
        for variable in self._optimizer.variables:
            variable.assign(np.zeros(variable.shape, variable.dtype))
        self._optimizer.learning_rate = learning_rate
        if self._method:
            self._method.reset(seed)

    def end_epoch(self, losses: np.ndarray) -> None:
        """Have a method see the epoch's losses (1 + heads,): the total and each head's."""
        if self._method:
            self._method.end_epoch(losses[1:])

    def weights(self) -> Weights:
        """A copy of the weights as they are now, by layer name.

        One call reads all variables: `layer.get_weights` would take three times as long.
        """
        return {name: [array.numpy() for array in arrays] for name, arrays in self._read().items()}

    def _read_graph(self) -> dict[str, list[tf.Tensor]]:
        layers = weighted_layers(self._model)
        return {layer.name: [tf.identity(variable.value) for variable in layer.weights] for layer in layers}

    def train(
        self, data: Batch, batches: np.ndarray, full: bool, sums: np.ndarray, evaluates: bool = False
    ) -> np.ndarray:
        """Take one step for each row of `batches` (steps, batch), which holds positions in `data`.

        `full` means that the rows have the traced batch size. A smaller last batch uses the graph for any size, even if
        an earlier run has traced one for exactly its size. Returns `sums` plus the losses of these steps. `evaluates`
        says that `evaluate` is called next.
        """
        steps = self._steps[batches.shape[1] if full else None]
        added: np.ndarray = steps(*data, tf.constant(batches, tf.int32), tf.constant(sums)).numpy()
        return added

    def evaluate(self, part: Batch, first: bool) -> tuple[np.ndarray, np.ndarray]:
        """Mean losses on these sequences, and the outputs (n, units of all heads side by side).

        `first` says that they are the first of those that `trace` got.
        """
        losses, outputs = self._evaluate(*part)
        return losses.numpy().astype(np.float64), outputs.numpy()

    def _train_graph(
        self, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor, batches: tf.Tensor, sums: tf.Tensor
    ) -> tf.Tensor:
        xs, ys = tf.gather(x, batches), tf.gather(y, batches)
        steps, size = tf.shape(batches)[0], tf.cast(tf.shape(batches)[1], tf.float64)

        def body(step: tf.Tensor, sums: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            return step + 1, sums + size * tf.cast(self._step(xs[step], ys[step], weights), tf.float64)

        _, sums = tf.while_loop(lambda step, _: step < steps, body, (tf.constant(0), sums))
        return sums

    def _step(self, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
        if self._method:
            return tf.stack(self._method.step(lambda: self._forward(x, y, weights, training=True)[0], self._optimizer))
        with tf.GradientTape() as tape:
            losses, _ = self._forward(x, y, weights, training=True)
        variables = self._model.trainable_variables
        gradients = tape.gradient(losses[0], [variable.value for variable in variables])
        self._optimizer.apply(gradients, variables)
        return tf.stack(losses)

    def _evaluate_graph(self, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        losses, outputs = self._forward(x, y, weights, training=False)
        return tf.stack(losses), outputs
