"""A style with its optimizer as one XLA program: whole epochs of steps, with their validation, in one call.

Layers, losses and optimizer are Keras's own. Weights and the optimizer's variables are tensors that the loop carries
from step to step: XLA is slow if a loop reads and writes variables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from backend.experiment.optimizers import OPTIMIZERS, Optimizer
from backend.worker.build import Weights, weighted_layers
from backend.worker.keras_internals import stateless
from backend.worker.trainer.forward import EVALUATED, Forward
from backend.worker.trainer.state import Layout, State

#: The values of the weights, then of the optimizer's variables.
Values = list[tf.Tensor]


@dataclass(frozen=True)
class Shape:
    """The sizes that a program is compiled for. `epochs` is the most epochs in one call."""

    training: int  # sequences that train
    validating: int  # sequences that validate
    batch: int
    epochs: int
    predicted: int  # sequences whose outputs a call returns: the first that validate, or that train if none validate

    @property
    def full(self) -> int:
        """Full batches in an epoch."""
        return self.training // self.batch

    @property
    def rest(self) -> int:
        """Sequences in the smaller last batch; 0 if all batches are full."""
        return self.training % self.batch

    @property
    def steps(self) -> int:
        """Steps in an epoch."""
        return self.full + bool(self.rest)


class Program:
    """The training loop of one style under one optimizer, for sequences of one shape.

    Losses are (1 + heads,) in float64: the total and each head's.
    """

    def __init__(self, forward: Forward, optimizer: Optimizer, shape: Shape) -> None:
        self.shape = shape
        self._forward = forward
        self._model = forward.model
        # XLA compiles a loop over the timesteps in less time, and its steps are faster. Without XLA it is slower.
        for layer in forward.model.layers:
            if isinstance(layer, keras.layers.LSTM):
                layer.unroll = False
        self._variables = forward.model.trainable_variables
        self._optimizer: Any = stateless(eval(OPTIMIZERS[optimizer].source(0.001), {"keras": keras}))
        self._optimizer.build(self._variables)
        self._layout = Layout([*self._variables, *self._optimizer.variables])
        self._losses = 1 + len(forward.units)
        self._run: Any = None
        self._evaluate: Any = None
        #: Seconds that a step last took, so that the next run can size its first call.
        self.step_seconds = 0.0

    def trace(self, executor: Executor) -> Future[Any] | None:
        """Trace both graphs, unless they are known. `executor` then compiles the loop, in a call without steps."""
        if self._run is not None:
            return None
        shape, units = self.shape, sum(self._forward.units)
        everything = shape.training + shape.validating
        weights = tf.TensorSpec((len(self._forward.units),), tf.float32)
        inputs = [
            self._layout.specs,
            tf.TensorSpec((self._losses,), tf.float64),
            tf.TensorSpec((everything, *self._forward.inputs), tf.float32),
            tf.TensorSpec((everything, units), tf.float32),
            weights,
            tf.TensorSpec((shape.epochs, shape.training), tf.int32),
            tf.TensorSpec((), tf.int32),
            tf.TensorSpec((), tf.int32),
        ]
        self._run = tf.function(self._steps, autograph=False, jit_compile=True).get_concrete_function(*inputs)
        x = tf.TensorSpec((None, *self._forward.inputs), tf.float32)
        y = tf.TensorSpec((None, units), tf.float32)
        evaluate = tf.function(self._evaluate_graph, autograph=False)
        self._evaluate = evaluate.get_concrete_function(self._layout.specs, x, y, weights)
        empty = tf.nest.map_structure(lambda spec: tf.zeros(spec.shape, spec.dtype), inputs)
        return executor.submit(partial(self._run, *empty))

    def start(self, weights: Mapping[str, Sequence[np.ndarray]], learning_rate: float) -> State:
        """The state before the first step: these weights, and an empty optimizer."""
        given = {
            id(variable): value
            for layer in weighted_layers(self._model)
            for variable, value in zip(layer.weights, weights[layer.name], strict=True)
        }
        values = [given[id(variable)] for variable in self._variables]
        for variable in self._optimizer.variables:
            value = learning_rate if variable.name == "learning_rate" else 0
            values.append(np.full(variable.shape, value, variable.dtype))
        return self._layout.state(values)

    def weights(self, state: State) -> Weights:
        """The weights in a state, by layer name."""
        all_values = self._layout.values(state)
        values = {id(variable): value for variable, value in zip(self._variables, all_values, strict=False)}
        layers = weighted_layers(self._model)
        return {layer.name: [values[id(variable)] for variable in layer.weights] for layer in layers}

    def run(
        self, state: State, sums: tf.Tensor, data: Sequence[tf.Tensor], orders: tf.Tensor, start: int, stop: int
    ) -> tuple[State, tf.Tensor, np.ndarray, np.ndarray]:
        """Take the steps `start:stop` of the epochs whose `orders` (epochs, sequences) of training are given.

        `data` are x, y and the loss weights. `sums` are the losses of an epoch that has begun. Returns state and sums
        after these steps, (epochs, 2, 1 + heads) mean losses in training and validation of the epochs that ended, and
        the outputs (predicted, units of all heads) with the last weights.
        """
        state, sums, losses, outputs = self._run(state, sums, *data, orders, tf.constant(start), tf.constant(stop))
        return state, sums, losses.numpy(), outputs.numpy()

    def evaluate(self, state: State, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor) -> tuple[np.ndarray, np.ndarray]:
        """Mean losses on these sequences, and the outputs (n, units of all heads side by side)."""
        losses, outputs = self._evaluate(state, x, y, weights)
        return losses.numpy().astype(np.float64), outputs.numpy()

    def _evaluate_graph(
        self, state: State, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        return self._losses_of(self._layout.unpack(state), x, y, weights)

    def _losses_of(self, values: Values, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        losses, outputs = self._stateless(values, x, y, weights, training=False)
        return tf.stack(losses), outputs

    def _stateless(
        self, values: Values, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor, training: bool
    ) -> tuple[list[tf.Tensor], tf.Tensor]:
        """The forward pass with these values in place of the model's variables."""
        with keras.StatelessScope(state_mapping=list(zip(self._variables, values, strict=False))):
            return self._forward(x, y, weights, training=training)

    def _steps(
        self, state: State, sums: tf.Tensor, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor, orders: tf.Tensor,
        start: tf.Tensor, stop: tf.Tensor,
    ) -> tuple[State, tf.Tensor, tf.Tensor, tf.Tensor]:  # fmt: skip
        shape = self.shape

        def step(rows: tf.Tensor, values: Values, sums: tf.Tensor) -> tuple[Values, tf.Tensor]:
            trained, rest = values[: len(self._variables)], values[len(self._variables) :]
            with tf.GradientTape() as tape:
                tape.watch(trained)
                losses, _ = self._stateless(trained, tf.gather(x, rows), tf.gather(y, rows), weights, training=True)
            trained, rest = self._optimizer.stateless_apply(rest, tape.gradient(losses[0], trained), trained)
            return [*trained, *rest], sums + float(rows.shape[0]) * tf.cast(tf.stack(losses), tf.float64)

        def full(epoch: tf.Tensor, first: tf.Tensor, last: tf.Tensor, values: Values, sums: tf.Tensor) -> Any:
            def body(at: tf.Tensor, values: Values, sums: tf.Tensor) -> Any:
                rows = tf.slice(orders, [epoch, at * shape.batch], [1, shape.batch])[0]
                return at + 1, *step(rows, values, sums)

            return tf.while_loop(lambda at, *_: at < last, body, (first, values, sums))[1:]

        def rest(epoch: tf.Tensor, values: Values, sums: tf.Tensor) -> Any:
            return step(tf.slice(orders, [epoch, shape.full * shape.batch], [1, shape.rest])[0], values, sums)

        def end(epoch: tf.Tensor, values: Values, sums: tf.Tensor, losses: tf.Tensor) -> Any:
            both = tf.stack([sums / shape.training, self._validation(values, x, y, weights)])
            return tf.zeros_like(sums), tf.tensor_scatter_nd_update(losses, [[epoch]], [both])

        def epoch(at: tf.Tensor, values: Values, sums: tf.Tensor, losses: tf.Tensor) -> Any:
            number, first = at // shape.steps, at % shape.steps
            last = tf.minimum(shape.steps, first + stop - at)
            values, sums = full(number, first, tf.minimum(last, shape.full), values, sums)
            if shape.rest:
                taken = partial(rest, number, values, sums)
                values, sums = tf.cond(last == shape.steps, taken, lambda: (values, sums))
            ended = partial(end, number, values, sums, losses)
            sums, losses = tf.cond(last == shape.steps, ended, lambda: (sums, losses))
            return at + last - first, values, sums, losses

        losses = tf.zeros((shape.epochs, 2, self._losses), tf.float64)
        done = tf.while_loop(lambda at, *_: at < stop, epoch, (start, self._layout.unpack(state), sums, losses))
        first = shape.training if shape.validating else 0
        rows = slice(first, first + shape.predicted)
        outputs = self._losses_of(done[1], x[rows], y[rows], weights)[1]
        return self._layout.pack(done[1]), done[2], done[3], outputs

    def _validation(self, values: Values, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
        """Mean losses on the sequences that validate, `EVALUATED` at a time; 0 if there are none."""
        first, size = self.shape.training, max(EVALUATED, self.shape.batch)
        pieces, left = divmod(self.shape.validating, size)

        def losses(start: Any, count: int) -> tf.Tensor:
            part = tf.slice(x, [start, 0, 0], [count, -1, -1]), tf.slice(y, [start, 0], [count, -1])
            return float(count) * tf.cast(self._losses_of(values, *part, weights)[0], tf.float64)

        def body(piece: tf.Tensor, sums: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            return piece + 1, sums + losses(first + piece * size, size)

        sums = tf.zeros((self._losses,), tf.float64)
        if pieces:
            sums = tf.while_loop(lambda piece, _: piece < pieces, body, (0, sums))[1]
        if left:
            sums += losses(first + pieces * size, left)
        return sums / max(self.shape.validating, 1)
