"""The step of a method of `two_heads.weightings`, in the graph of a compiled style: with Keras's layers and losses."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from backend.worker.trainer.forward import Forward
from two_heads.on_keras import on_keras
from two_heads.weightings import Aggregator, Scalarizer, Weighting
from two_heads.weightings.base import State


class MethodStep:
    """Takes steps with a method. Its state is Keras variables, so that any number of calls continue one training."""

    def __init__(self, forward: Forward, method: Weighting) -> None:
        self._forward = forward
        self._variables = forward.model.trainable_variables
        self._heads = len(forward.units)
        self._text = on_keras()
        self._noise = keras.random.SeedGenerator(0)
        self._aggregator = method.on(ops) if isinstance(method, Aggregator) else None
        self._scalarizer = method.on(ops) if isinstance(method, Scalarizer) else None
        self._method = method
        self._state: dict[str, keras.Variable] = {}
        self._trained: list[str] = []
        if isinstance(method, Scalarizer):
            start = method.initial(self._heads)
            self._state = {name: keras.Variable(value, dtype="float32", name=name) for name, value in start.items()}
            if method.gradients:
                self._trained = list(method.gradients(np.ones(self._heads), start))

    @property
    def variables(self) -> list[keras.Variable]:
        """What the optimizer trains: the network, then those of the method's own variables that have a gradient."""
        return [*self._variables, *(self._state[name] for name in self._trained)]

    def reset(self, seed: int) -> None:
        """Start again. `seed` decides what the method draws."""
        self._noise.state.assign(keras.random.SeedGenerator(seed).state)
        if isinstance(self._method, Scalarizer):
            self._assign(self._method.initial(self._heads))

    def state(self) -> dict[str, np.ndarray]:
        """A copy of what the method keeps between steps, by name; empty for an aggregator."""
        return {name: np.array(variable.numpy()) for name, variable in self._state.items()}

    def end_epoch(self, losses: np.ndarray) -> None:
        """Change the state by the mean losses of the heads over an epoch."""
        if isinstance(self._method, Scalarizer) and self._method.after_epoch:
            self._assign(self._method.after_epoch({name: value.numpy() for name, value in self._state.items()}, losses))

    def step(
        self, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor, optimizer: keras.optimizers.Optimizer
    ) -> list[tf.Tensor]:
        """Take a step on a batch; returns the total loss and each head's, before the step."""
        return (self._aggregate if self._aggregator else self._scalarize)(x, y, weights, optimizer)

    def _aggregate(
        self, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor, optimizer: keras.optimizers.Optimizer
    ) -> list[tf.Tensor]:
        assert self._aggregator
        losses, gradients = self._gradients(x, y, weights)
        shared = self._text.trunk(gradients)
        more: dict[str, Any] = {}
        if self._aggregator.takes_order:
            draws = keras.random.uniform((self._heads, self._heads), seed=self._noise)
            more["order"] = ops.argsort(draws, axis=-1)
        chosen = ops.cast(self._aggregator.function(self._text.gramian_of(gradients, shared), **more), "float32")
        optimizer.apply(self._text.aggregated(gradients, shared, chosen), self._variables)
        return losses

    def _scalarize(
        self, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor, optimizer: keras.optimizers.Optimizer
    ) -> list[tf.Tensor]:
        method = self._scalarizer
        assert method
        if method.before_step:
            self._assign(method.before_step(self._values(), keras.random.normal((self._heads,), seed=self._noise)))
        state = self._values()
        gramian = None
        if "gramian" in method.needs:
            _, of_heads = self._gradients(x, y, weights)
            gramian = self._text.gramian_of(of_heads, self._last_shared(of_heads))
        with tf.GradientTape() as tape:
            losses, _ = self._forward(x, y, weights, training=True)
            heads = ops.stack(losses[1:])
            combined = ops.sum(tf.stop_gradient(ops.cast(method.weights(heads, state), "float32")) * heads)
        gradients = tape.gradient(combined, [variable.value for variable in self._variables])
        if method.gradients:
            own = method.gradients(heads, state)
            gradients += [ops.cast(own[name], "float32") for name in self._trained]
        optimizer.apply(gradients, self.variables)
        if method.after_step:
            after = None
            if "losses_after" in method.needs:
                after = ops.stack(self._forward(x, y, weights, training=True)[0][1:])
            self._assign(method.after_step(self._values(), heads, after, gramian))
        return losses

    def _gradients(
        self, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor
    ) -> tuple[list[tf.Tensor], list[list[tf.Tensor | None]]]:
        """The losses of a batch, and the gradient of each head's by every variable of the network."""
        with tf.GradientTape(persistent=True) as tape:
            losses, _ = self._forward(x, y, weights, training=True)
        values = [variable.value for variable in self._variables]
        return losses, [tape.gradient(loss, values) for loss in losses[1:]]

    def _last_shared(self, gradients: list[list[tf.Tensor | None]]) -> list[int]:
        """The positions of the variables of the trunk's last layer."""
        shared = self._text.trunk(gradients)
        layers = [
            {id(variable) for variable in layer.trainable_variables}
            for layer in self._forward.model.layers
            if not getattr(layer, "layers", None)
        ]
        last = next(own for own in layers if id(self._variables[shared[-1]]) in own)
        return [i for i in shared if id(self._variables[i]) in last]

    def _values(self) -> State:
        return {name: variable.value for name, variable in self._state.items()}

    def _assign(self, state: State) -> None:
        for name, value in state.items():
            self._state[name].assign(ops.cast(value, "float32"))
