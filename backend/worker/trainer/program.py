"""A style with its optimizer as an XLA program: its steps are faster, and it takes longer until the first one.

Weights and the optimizer's variables are tensors that the loop carries from step to step: XLA is slow if a loop reads
and writes variables. A program is compiled for one number of sequences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from backend.worker.build import Weights, weighted_layers
from backend.worker.keras_internals import stateless
from backend.worker.trainer.compiled import Batch, Compiled

#: All floats of the variables, end to end, then each counter, such as the optimizer's number of steps. A call takes
#: time for each of its inputs: with one for each variable, it would take as long as four steps.
State = list[tf.Tensor]
#: The values of the weights, then of the optimizer's variables.
Values = list[tf.Tensor]


class Program(Compiled):
    """The same as `Compiled`, without a method."""

    def _build(self) -> None:
        # XLA compiles a loop over the timesteps in less time, and its steps are faster. Without XLA it is slower.
        for layer in self._model.layers:
            if isinstance(layer, keras.layers.LSTM):
                layer.unroll = False
        self._optimizer = stateless(self._optimizer)
        self._trained = self._model.trainable_variables
        self._optimizer.build(self._trained)
        self._variables = [*self._trained, *self._optimizer.variables]
        self._rows: dict[int, int] = {}
        self._evaluations: dict[int, Any] = {}
        self._evaluated = slice(0)
        self._after: list[tf.Tensor] = []
        self._state = self._pack([variable.value for variable in self._variables])

    def trace(
        self, data: Batch, training: int, batch: int, evaluated: Sequence[Batch], executor: Executor
    ) -> Iterator[Future[Any]]:
        """Trace the missing graphs; `executor` compiles each in its first call."""
        if self._steps:
            return
        first, sums = training if len(data[0]) > training else 0, tf.zeros((self._losses,), tf.float64)
        self._evaluated = slice(first, first + len(evaluated[0][0]))
        for rows, size in ((training // batch, batch), (1, training % batch)):
            if rows and size:
                inputs = self._state, *data, tf.zeros((rows, size), tf.int32), tf.constant(0), tf.constant(False), sums
                self._rows[size], self._steps[size] = rows, self._traced(self._train_program, *inputs)
                yield executor.submit(self._steps[size], *inputs)
        for size, part in {len(part[0]): part for part in evaluated}.items():
            self._evaluations[size] = self._traced(self._evaluate_program, self._state, *part)
            yield executor.submit(self._evaluations[size], self._state, *part)

    def _traced(self, graph: Any, *inputs: Any) -> Any:
        return tf.function(graph, autograph=False, jit_compile=True).get_concrete_function(*inputs)

    def reset(self, weights: Mapping[str, Sequence[np.ndarray]], learning_rate: float, seed: int) -> None:
        """Start again from `weights`, with an empty optimizer. `seed` has no effect here."""
        given = {
            id(variable): value
            for layer in weighted_layers(self._model)
            for variable, value in zip(layer.weights, weights[layer.name], strict=True)
        }
        values = [given[id(variable)] for variable in self._trained]
        for variable in self._optimizer.variables:
            value = learning_rate if variable.name == "learning_rate" else 0
            values.append(np.full(variable.shape, value, variable.dtype))
        self._state, self._after = self._pack(values), []

    def weights(self) -> Weights:
        """The weights as they are now, by layer name."""
        sizes = [int(np.prod(variable.shape)) for variable in self._trained]
        parts = np.split(self._state[0].numpy(), np.cumsum(sizes))
        values = {id(variable): part.reshape(variable.shape) for variable, part in zip(self._trained, parts)}  # noqa: B905
        layers = weighted_layers(self._model)
        return {layer.name: [values[id(variable)] for variable in layer.weights] for layer in layers}

    def train(
        self, data: Batch, batches: np.ndarray, full: bool, sums: np.ndarray, evaluates: bool = False
    ) -> np.ndarray:
        """Take one step for each row of `batches`. With `evaluates`, the first part is evaluated in the same call.

        A call of its own would take longer.
        """
        steps, size = batches.shape
        rows = np.zeros((self._rows[size], size), np.int32)
        rows[:steps] = batches
        inputs = self._state, *data, tf.constant(rows), tf.constant(steps), tf.constant(evaluates), tf.constant(sums)
        self._state, added, *after = self._steps[size](*inputs)
        self._after = after if evaluates else []
        return np.asarray(added)

    def evaluate(self, part: Batch, first: bool) -> tuple[np.ndarray, np.ndarray]:
        """Mean losses on these sequences, and the outputs (n, units of all heads side by side)."""
        known = self._after if first else []
        losses, outputs = known or self._evaluations[len(part[0])](self._state, *part)
        return losses.numpy().astype(np.float64), outputs.numpy()

    def _train_program(
        self, state: State, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor, batches: tf.Tensor, steps: tf.Tensor,
        evaluates: tf.Tensor, sums: tf.Tensor,
    ) -> tuple[State, tf.Tensor, tf.Tensor, tf.Tensor]:  # fmt: skip
        """Take `steps` steps, for the first rows of `batches`, and evaluate the first part if that is wanted."""
        count, size = len(self._trained), float(batches.shape[1])

        def body(step: tf.Tensor, values: Values, sums: tf.Tensor) -> tuple[tf.Tensor, Values, tf.Tensor]:
            trained, rest, rows = values[:count], values[count:], batches[step]
            with tf.GradientTape() as tape:
                tape.watch(trained)
                losses, _ = self._on(trained, tf.gather(x, rows), tf.gather(y, rows), weights, training=True)
            trained, rest = self._optimizer.stateless_apply(rest, tape.gradient(losses[0], trained), trained)
            return step + 1, [*trained, *rest], sums + size * tf.cast(tf.stack(losses), tf.float64)

        _, values, sums = tf.while_loop(lambda step, *_: step < steps, body, (0, self._unpack(state), sums))
        state, rows = self._pack(values), self._evaluated
        first = partial(self._evaluate_program, state, x[rows], y[rows], weights)
        nothing = tf.zeros((self._losses,)), tf.zeros((rows.stop - rows.start, y.shape[1]))
        return state, sums, *tf.cond(evaluates, first, lambda: nothing)

    def _evaluate_program(
        self, state: State, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        losses, outputs = self._on(self._unpack(state)[: len(self._trained)], x, y, weights, training=False)
        return tf.stack(losses), outputs

    def _on(
        self, values: Values, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor, training: bool
    ) -> tuple[list[tf.Tensor], tf.Tensor]:
        """The forward pass with these values in place of the model's variables."""
        with keras.StatelessScope(state_mapping=list(zip(self._trained, values, strict=True))):
            return self._forward(x, y, weights, training=training)

    def _pack(self, values: Sequence[Any]) -> State:
        """The state with these values, in the order of the variables."""
        floats, counters = [], []
        for variable, value in zip(self._variables, values, strict=True):
            if variable.dtype == "float32":
                floats.append(tf.reshape(value, [-1]))
            else:
                counters.append(tf.convert_to_tensor(value))
        return [tf.concat(floats, 0), *counters]

    def _unpack(self, state: State) -> Values:
        """The values in a state."""
        floats = [variable for variable in self._variables if variable.dtype == "float32"]
        parts = iter(tf.split(state[0], [int(np.prod(variable.shape)) for variable in floats]))
        counters = iter(state[1:])
        return [
            tf.reshape(next(parts), variable.shape) if variable.dtype == "float32" else next(counters)
            for variable in self._variables
        ]
