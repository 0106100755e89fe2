"""Trainings of one network in plain Keras. The scripts of four questions contain these functions, and that of the
visitor's own heads one of them.

A worker trains with `Runs` and measures with `HeadGradients` instead. They take the same steps, many in each call
(`ARCHITECTURE.md`). Tests compare the figures of both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from two_heads.on_keras import on_keras


def trunk(*arguments: Any) -> Any:
    """`two_heads.weightings.trunk.trunk` on `keras.ops`. A script contains its text."""
    return on_keras().trunk(*arguments)


def gramian_of(*arguments: Any) -> Any:
    """`two_heads.weightings.trunk.gramian_of` on `keras.ops`. A script contains its text."""
    return on_keras().gramian_of(*arguments)


@cache
def initial_weights(build: Callable[[int], keras.Model], seed: int) -> list[np.ndarray]:
    """The weights of a new network with this seed."""
    return list(build(seed).get_weights())


class Trainer:
    """A network that is compiled once and trained again and again, each time from the weights of a seed.

    `build(seed)` makes the network, whose outputs are a list. `losses` are the names of Keras's losses, one for each
    head. `method(network, seed)` makes a model that combines them. `whole` leaves out a smaller last batch.
    """

    def __init__(
        self, build: Callable[[int], keras.Model], losses: Sequence[str], optimizer: Any, batch: int,
        method: Any = None, whole: bool = False,
    ) -> None:  # fmt: skip
        self.build, self.names, self.batch, self.whole = build, losses, batch, whole
        self.network = build(0)
        self.model = method(self.network, 0) if method else self.network
        self.weights = [keras.Variable(1.0, trainable=False) for _ in losses]
        self.model.compile(optimizer=optimizer, loss=list(losses), loss_weights=self.weights)
        if not method:
            self.model.optimizer.build(self.model.trainable_variables)
        # A step of `fit`, without what `fit` does between two of them.
        self.step = tf.function(lambda x, y: self.model.train_step((x, y)), autograph=False, reduce_retracing=True)

    def begin(
        self, x: np.ndarray, y: Sequence[np.ndarray], seed: int, rate: float, weights: Sequence[float] = ()
    ) -> None:
        """Start again from the weights of this seed, with an empty optimizer. `weights` are those of the losses."""
        self.x, self.y, self.order = x, y, np.random.default_rng(seed)
        self.network.set_weights(initial_weights(self.build, seed))
        for variable in self.model.optimizer.variables:
            variable.assign(ops.zeros_like(variable))
        self.model.optimizer.learning_rate = rate
        for variable, weight in zip(self.weights, weights or [1.0] * len(self.weights), strict=True):
            variable.assign(weight)
        if self.model is not self.network:
            self.model.steps.reset(seed)

    def train(self, epochs: int) -> None:
        """Train for so many more epochs, each in another order."""
        size = len(self.x) // self.batch * self.batch if self.whole else len(self.x)
        for _ in range(epochs):
            self.model.reset_metrics()
            order = self.order.permutation(len(self.x))[:size]
            for start in range(0, size, self.batch):
                rows = order[start : start + self.batch]
                self.step(self.x[rows], [targets[rows] for targets in self.y])
            if hasattr(self.model, "end_epoch"):
                self.model.end_epoch()

    def state(self) -> dict[str, np.ndarray]:
        """What a method has learned beside the weights."""
        return {name: value.numpy() for name, value in self.model.steps.values().items()}

    def losses(self, x: np.ndarray, y: Sequence[np.ndarray]) -> np.ndarray:
        """The mean loss of each head on these sequences."""
        pairs = zip(self.names, y, self.network(x, training=False), strict=True)
        return np.array([float(ops.mean(keras.losses.get(loss)(*pair))) for loss, *pair in pairs])


def gramian_function(network: keras.Model, losses: Sequence[str]) -> Callable[..., np.ndarray]:
    """A function of a batch: the products of the heads' gradients with respect to the trunk, (heads, heads)."""

    def gramian(x: tf.Tensor, y: Sequence[tf.Tensor]) -> tf.Tensor:
        with tf.GradientTape(persistent=True) as tape:
            pairs = zip(losses, y, network(x, training=True), strict=True)
            of_heads = [ops.mean(keras.losses.get(loss)(truth, output)) for loss, truth, output in pairs]
        gradients = [tape.gradient(loss, network.trainable_variables) for loss in of_heads]
        shared = trunk(gradients)
        # In float32, the product of two tiny numbers would become 0.
        exact = [[ops.cast(of_head[i], "float64") for i in shared] for of_head in gradients]
        return gramian_of(exact, range(len(shared)))

    traced = tf.function(gramian, autograph=False, reduce_retracing=True)
    return lambda x, y: np.asarray(traced(x, list(y)))
