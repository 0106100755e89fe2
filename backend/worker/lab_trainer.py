"""Trainings of one network in plain Keras, and the gradients of its heads.

Scripts of the Lab contain the text of this file, and a worker executes these scripts. One call of TensorFlow takes
many steps, so that a visitor need not wait.
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
        self.steps, self.steps_with_losses, self.mean_losses = (
            tf.function(graph, autograph=False, reduce_retracing=True)
            for graph in (self.steps_graph, self.steps_with_losses_graph, self.losses_graph)
        )

    def begin(
        self, x: np.ndarray, y: Sequence[np.ndarray], seed: int, rate: float, weights: Sequence[float] = ()
    ) -> None:
        """Start again from the weights of this seed, with an empty optimizer. `weights` are those of the losses."""
        self.x, self.y, self.order = tf.constant(x), [tf.constant(each) for each in y], np.random.default_rng(seed)
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
        full = len(self.x) // self.batch * self.batch
        by_epoch = self.model is not self.network and self.model.steps.sees_epochs
        rest = full < len(self.x) and not self.whole
        at_once = 1 if by_epoch or rest else epochs
        for _ in range(epochs // max(at_once, 1)):
            orders = self.orders(at_once)
            self.steps(self.x, self.y, tf.constant(orders[:, :full].reshape(-1, self.batch)))
            if rest:
                self.steps(self.x, self.y, tf.constant(orders[:, full:]))
            if by_epoch:
                self.model.end_epoch()

    def orders(self, epochs: int) -> np.ndarray:
        """The positions of the sequences in each epoch, (epochs, n)."""
        return np.array([self.order.permutation(len(self.x)) for _ in range(epochs)])

    def steps_graph(self, x: tf.Tensor, y: Sequence[tf.Tensor], batches: tf.Tensor) -> None:
        """Take a step of `fit` for each row of `batches`, (steps, batch)."""

        def step(number: tf.Tensor) -> list[tf.Tensor]:
            rows = batches[number]
            self.model.train_step((tf.gather(x, rows), [tf.gather(targets, rows) for targets in y]))
            return [number + 1]

        tf.while_loop(lambda number: number < tf.shape(batches)[0], step, [tf.constant(0)], parallel_iterations=1)

    def losses_after_each(self, epochs: int, x: np.ndarray, y: Sequence[np.ndarray]) -> np.ndarray:
        """Train for so many epochs of whole batches. The mean losses on `x` after each of them, (epochs, heads)."""
        full = len(self.x) // self.batch * self.batch
        batches = tf.constant(self.orders(epochs)[:, :full].reshape(epochs, -1, self.batch))
        losses = self.steps_with_losses(self.x, self.y, batches, tf.constant(x), [tf.constant(each) for each in y])
        return np.asarray(losses)

    def steps_with_losses_graph(
        self, x: tf.Tensor, y: Sequence[tf.Tensor], batches: tf.Tensor, x_after: tf.Tensor, y_after: Sequence[tf.Tensor]
    ) -> tf.Tensor:
        """The losses after the steps of each epoch, (epochs, heads). `batches` is (epochs, steps, batch)."""

        def epoch(batches: tf.Tensor) -> tf.Tensor:
            self.steps_graph(x, y, batches)
            return self.losses_graph(x_after, y_after)

        return tf.map_fn(epoch, batches, fn_output_signature=tf.float32, parallel_iterations=1)

    def losses(self, x: np.ndarray, y: Sequence[np.ndarray]) -> np.ndarray:
        """The mean loss of each head on these sequences, (heads,)."""
        return np.asarray(self.mean_losses(tf.constant(x), [tf.constant(each) for each in y]))

    def losses_graph(self, x: tf.Tensor, y: Sequence[tf.Tensor]) -> tf.Tensor:
        """The same in a graph."""
        pairs = zip(self.names, y, self.network(x, training=False), strict=True)
        return ops.stack([ops.mean(keras.losses.get(loss)(*pair)) for loss, *pair in pairs])

    def state(self) -> dict[str, np.ndarray]:
        """What a method has learned beside the weights."""
        return {name: value.numpy() for name, value in self.model.steps.values().items()}


def gradients_function(network: keras.Model, losses: Sequence[str]) -> Callable[..., tuple[np.ndarray, np.ndarray]]:
    """A function of `(x, y, batches)` that measures the gradients of the heads' losses with respect to the trunk.

    `batches` are rows of positions, (steps, batch). It returns the sum of the gradients of all sequences, (heads,
    parameters), and two counts for each pair of heads, (2, heads, heads): of the batches in which both gradients are
    finite and not zero, and of those among them in which the two conflict.
    """

    def of_batch(x: tf.Tensor, y: Sequence[tf.Tensor]) -> tf.Tensor:
        with tf.GradientTape(persistent=True) as tape:
            pairs = zip(losses, y, network(x, training=True), strict=True)
            of_heads = [ops.mean(keras.losses.get(loss)(truth, output)) for loss, truth, output in pairs]
        gradients = [tape.gradient(loss, network.trainable_variables) for loss in of_heads]
        shared = trunk(gradients)
        rows = [ops.concatenate([ops.reshape(of_head[i], (-1,)) for i in shared]) for of_head in gradients]
        return ops.cast(ops.stack(rows), "float64")  # in float32, the product of two tiny numbers would become 0

    def of_batches(x: tf.Tensor, y: Sequence[tf.Tensor], batches: tf.Tensor) -> list[tf.Tensor]:
        def add(number: tf.Tensor, total: tf.Tensor, counts: tf.Tensor) -> list[tf.Tensor]:
            positions = batches[number]
            rows = of_batch(tf.gather(x, positions), [tf.gather(targets, positions) for targets in y])
            products = gramian_of([[row] for row in tf.unstack(rows)], [0])
            squares = tf.linalg.diag_part(products)
            usable = tf.math.is_finite(squares) & (squares > 0)
            comparable = usable[:, None] & usable
            counts += tf.cast(tf.stack([comparable, comparable & (products < 0)]), tf.int32)
            return [number + 1, total + tf.cast(tf.shape(batches)[1], tf.float64) * rows, counts]

        heads = len(losses)
        start = [tf.constant(0), tf.zeros((heads, 1), tf.float64), tf.zeros((2, heads, heads), tf.int32)]
        sizes = [tf.TensorShape(each) for each in ((), (heads, None), (2, heads, heads))]
        measured: list[tf.Tensor]
        _, *measured = tf.while_loop(lambda number, *_: number < tf.shape(batches)[0], add, start, sizes)
        return measured

    traced = tf.function(of_batches, autograph=False, reduce_retracing=True)

    def gradients(x: np.ndarray, y: Sequence[np.ndarray], batches: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        total, counts = traced(x, list(y), batches)
        return total.numpy(), counts.numpy()

    return gradients


def gramian_and_counts(
    gradients: Callable[..., tuple[np.ndarray, np.ndarray]], x: np.ndarray, y: Sequence[np.ndarray],
    order: np.ndarray, batch: int,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """The products of the mean gradients over all sequences, (heads, heads), and the counts of the batches.

    `order` has the positions of the sequences, as one batch after the other. `gradients` is a `gradients_function`.
    """
    full = len(order) // batch * batch
    parts = [gradients(x, y, rows) for rows in (order[:full].reshape(-1, batch), order[None, full:]) if rows.size]
    total, counts = (sum(each[1:], each[0]) for each in zip(*parts, strict=True))
    return total @ total.T / len(order) ** 2, counts


def shares_function(network: keras.Model) -> Callable[[np.ndarray], list[list[float]]]:
    """A function of sequences: what head a takes from each part of the network, and what head b takes.

    The parts are experts, whose gates are averaged over the sequences, or the two towers before each cross-stitch.
    Without either, the lists are empty.
    """
    stitches = [layer for layer in network.layers if layer.name.startswith("stitch_")]
    outputs = [layer.output for layer in network.layers if layer.name.startswith("gate_")]
    gates = keras.Model(network.input, outputs) if outputs else lambda x: []
    mean_gates = tf.function(lambda x: [ops.mean(gate, axis=0) for gate in gates(x)], autograph=False)

    def shares(x: np.ndarray) -> list[list[float]]:
        of_heads = (
            np.concatenate([layer.alpha for layer in stitches], axis=1) if stitches else mean_gates(tf.constant(x))
        )
        return [[round(float(share), 3) for share in of_head] for of_head in of_heads]

    return shares
