"""A network of question 6 as one XLA program that trains it, with Keras's own layers, loss and optimizer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from backend.lab.sharing.problem import Arrays
from backend.worker.build import build
from backend.worker.keras_internals import stateless

#: Weights, then the optimizer's variables.
State = list[tf.Tensor]
HEADS = ("a", "b")


@dataclass(frozen=True)
class Data:
    """Sequences and targets for training and validation, and the rows of each batch (epochs, steps, batch)."""

    tensors: tuple[tf.Tensor, ...]

    @classmethod
    def of(cls, drawn: Arrays, orders: np.ndarray) -> Data:
        """The same as tensors: x, y (n, 2), x and y for validation, and the rows."""
        x, y, x_validation, y_validation = drawn
        pairs = (np.concatenate([targets[head] for head in HEADS], axis=1) for targets in (y, y_validation))
        first, second = pairs
        return cls(tuple(map(tf.constant, (x, first, x_validation, second, orders))))


class SharedProgram:
    """A network that is compiled in its first training. Seed, rate and number of epochs are inputs."""

    def __init__(self, source: str, steps: int, epochs: int) -> None:
        self._source, self._steps, self._epochs = source, steps, epochs
        model = build(source, 0)
        self._variables = model.trainable_variables
        gates = {layer.name: layer.output for layer in model.layers if layer.name.startswith("gate_")}
        self._model = keras.Model(model.input, {**model.output, **gates})
        self._gates = [f"gate_{head}" for head in HEADS] if gates else []
        self._alphas = [i for i, variable in enumerate(self._variables) if variable.name == "alpha"]
        self._optimizer: Any = stateless(keras.optimizers.Adam())
        self._optimizer.build(self._variables)
        self._loss = keras.losses.MeanSquaredError()
        self._run: Any = None
        self._fresh: dict[int, list[tf.Tensor]] = {}

    def train(self, data: Data, seed: int, rate: float, epochs: int) -> tuple[np.ndarray, np.ndarray]:
        """The validation losses of both heads after each epoch, (most epochs, 2), and each head's shares.

        The shares are (2, parts): mean gates, or the rows of the α matrices one after the other; empty without either.
        Epochs that were not trained have the loss 0.
        """
        if seed not in self._fresh:
            built = build(self._source, seed).trainable_variables
            self._fresh[seed] = [tf.constant(np.asarray(variable)) for variable in built]
        inputs = [self._fresh[seed], tf.constant(rate), *data.tensors, tf.constant(epochs)]
        if self._run is None:  # a concrete function need not look for the graph that fits at each call
            described = tf.nest.map_structure(tf.TensorSpec.from_tensor, inputs)
            self._run = tf.function(self._train, autograph=False, jit_compile=True).get_concrete_function(*described)
        losses, weights, gates = self._run(*inputs)
        alphas = [weights[i].numpy() for i in self._alphas]
        return losses.numpy(), np.concatenate(alphas, axis=1) if alphas else gates.numpy()

    def _start(self, weights: State, rate: tf.Tensor) -> State:
        """These weights, and an empty optimizer."""
        state = list(weights)
        for variable in self._optimizer.variables:
            value = rate if variable.name == "learning_rate" else 0
            state.append(tf.fill(variable.shape, tf.cast(value, variable.dtype)))
        return state

    def _outputs(self, state: State, x: tf.Tensor, training: bool) -> dict[str, tf.Tensor]:
        with keras.StatelessScope(state_mapping=list(zip(self._variables, state, strict=False))):
            outputs: dict[str, tf.Tensor] = self._model(x, training=training)
            return outputs

    def _losses(self, outputs: dict[str, tf.Tensor], y: tf.Tensor) -> list[tf.Tensor]:
        return [self._loss(truth, outputs[head]) for head, truth in zip(HEADS, tf.split(y, 2, axis=1), strict=True)]

    def _train(
        self, weights: State, rate: tf.Tensor, x: tf.Tensor, y: tf.Tensor, x_validation: tf.Tensor,
        y_validation: tf.Tensor, orders: tf.Tensor, epochs: tf.Tensor,
    ) -> tuple[tf.Tensor, State, tf.Tensor]:  # fmt: skip
        count = len(self._variables)

        def step(rows: tf.Tensor, state: State) -> State:
            trained, rest = state[:count], state[count:]
            with tf.GradientTape() as tape:
                tape.watch(trained)
                losses = self._losses(self._outputs(trained, tf.gather(x, rows), training=True), tf.gather(y, rows))
                total = sum(losses[1:], losses[0])
            trained, rest = self._optimizer.stateless_apply(rest, tape.gradient(total, trained), trained)
            return [*trained, *rest]

        def epoch(number: tf.Tensor, state: State, losses: tf.Tensor) -> Any:
            def body(at: tf.Tensor, state: State) -> Any:
                return at + 1, step(orders[number, at], state)

            state = tf.while_loop(lambda at, _: at < self._steps, body, (0, state))[1]
            ended = self._losses(self._outputs(state[:count], x_validation, training=False), y_validation)
            return number + 1, state, tf.tensor_scatter_nd_update(losses, [[number]], [tf.stack(ended)])

        begun = (0, self._start(weights, rate), tf.zeros((self._epochs, 2)))
        _, state, losses = tf.while_loop(lambda number, *_: number < epochs, epoch, begun)
        outputs = self._outputs(state[:count], x_validation, training=False)
        gates = [tf.reduce_mean(outputs[name], axis=0) for name in self._gates]
        return losses, state[:count], tf.stack(gates) if gates else tf.zeros((0,))
