"""Measures the gradients of the head losses with respect to the trunk, while the visitor's network trains.

The training is that of Train. After chosen epochs the trained weights go into the Functional style, where every head
has a loss of its own, and Keras's losses give one gradient for each head.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np
import tensorflow as tf

from backend.experiment import Experiment
from backend.experiment.dataset import generate
from backend.experiment.styles import STYLES
from backend.jobs.messages import Progress
from backend.jobs.runtime import Context, Refused, versions
from backend.lab.gradients import Gradients, Measurement, measured_epochs
from backend.network.parameters import layers
from backend.questions.gradients.job import GradientsJob
from backend.worker.build import Weights, build, load, transfer_weights
from backend.worker.keras_internals import operations_in_order
from backend.worker.train import weights_after
from backend.worker.trainer.divergence import Diverged
from backend.worker.trainer.forward import Forward
from backend.worker.trainer.pair import batches
from backend.worker.trainer.side_by_side import CHUNK_SECONDS
from two_heads.on_keras import on_keras


def gradients(job: GradientsJob, context: Context) -> Gradients:
    """Train the experiment with its first seed, and measure the gradients of its right side after the chosen epochs.

    Reports its phases, and `Progress` after each measurement. Raises `Cancelled` soon after the job is cancelled, and
    `Refused` for one head. A training that diverges ends with a sentence in `stopped`, and keeps its measurements.
    """
    began = perf_counter()
    experiment = job.experiment
    if reason := job.refusal():
        raise Refused(reason)
    epochs = measured_epochs(experiment.training.epochs)
    style, functional = experiment.styles()[1], STYLES["functional"]
    heads: HeadGradients | None = None
    orders = _orders(experiment)
    measurements: list[Measurement] = []
    stopped = None
    try:
        for epoch, (_, right) in weights_after(experiment, epochs, context):
            if heads is None:
                heads = HeadGradients(experiment, context)
            weights = transfer_weights(right, experiment.architecture, style, functional)
            measurements.append(heads.measure(epoch, weights, orders[epoch]))
            context.report(Progress(share=len(measurements) / len(epochs)))
    except Diverged as sentence:
        stopped = str(sentence)
    assert heads is not None
    return Gradients(
        heads=[head.name for head in experiment.architecture.heads],
        style=style.key,
        trunk=heads.parameters,
        batches=heads.batches,
        measurements=measurements,
        stopped=stopped,
        versions=versions(),
        seconds=perf_counter() - began,
    )


def _orders(experiment: Experiment) -> list[np.ndarray]:
    """The orders of the training sequences in epoch 1, epoch 2, …, as the training draws them, and in one more."""
    training = experiment.training
    draws = np.random.default_rng(training.seed)
    size, _ = experiment.parts
    return [draws.permutation(size) for _ in range(training.epochs + 1)]


class HeadGradients:
    """The gradient of each head's own loss, before its weight, with respect to the trunk of the Functional style.

    One graph computes a chunk of batches, with a backward pass for each head in each.
    """

    def __init__(self, experiment: Experiment, context: Context) -> None:
        architecture, style = experiment.architecture, STYLES["functional"]
        self._check = context.raise_if_cancelled
        self._model = build(style.write(architecture), experiment.training.seed)
        self._forward = Forward.of(self._model, architecture, style)
        self._batch = experiment.training.batch
        self.use(experiment)
        self._heads = len(architecture.heads)
        #: The batches of an epoch, and the parameters of the trunk.
        self.batches = -(-len(self._x) // self._batch)
        self.parameters = sum(layer.parameters for layer in layers(architecture, style) if layer.head is None)
        self._seconds = 0.0
        context.traced()
        shapes = (
            ((None, *self._forward.inputs), tf.float32),
            ((None, sum(self._forward.units)), tf.float32),
            ((None, None), tf.int32),
            ((self._heads, self.parameters), tf.float64),
            ((2, *2 * [self._heads]), tf.int32),
        )
        with operations_in_order():
            self._steps = tf.function(self._graph, autograph=False).get_concrete_function(
                *(tf.TensorSpec(shape, kind) for shape, kind in shapes)
            )

    def use(self, experiment: Experiment) -> None:
        """Measure on the training sequences of `experiment`, which has the same architecture."""
        dataset = generate(experiment.architecture, experiment.sequences, experiment.parts)
        size, _ = experiment.training.split(len(dataset.x))
        targets = np.concatenate([dataset.y[head.name] for head in experiment.architecture.heads], axis=1)
        self._x, self._y = tf.constant(dataset.x[:size]), tf.constant(targets[:size])

    def measure(self, epoch: int, weights: Weights, order: np.ndarray) -> Measurement:
        """The measurement with these `weights` over the training sequences, as batches in this `order`."""
        load(self._model, weights)
        rows = tf.zeros((self._heads, self.parameters), tf.float64)
        counts = tf.zeros((2, self._heads, self._heads), tf.int32)
        done = 0
        while done < len(order):
            self._check()
            steps = max(1, int(CHUNK_SECONDS / self._seconds)) if self._seconds else 1
            piece = next(batches(order[done:], self._batch, steps))
            start = perf_counter()
            with operations_in_order():
                rows, counts = self._steps(self._x, self._y, tf.constant(piece, tf.int32), rows, counts)
            self._seconds = (perf_counter() - start) / len(piece)
            done += piece.size
        comparable, conflicting = counts.numpy().tolist()
        return Measurement(
            epoch=epoch,
            gramian=_gramian_of_rows(rows / len(order)).numpy().tolist(),
            comparable=comparable,
            conflicting=conflicting,
        )

    def _graph(
        self, x: tf.Tensor, y: tf.Tensor, pieces: tf.Tensor, rows: tf.Tensor, counts: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Add the gradients of these batches, each times its size, to `rows`, and their pairs to `counts`."""
        xs, ys = tf.gather(x, pieces), tf.gather(y, pieces)
        size = tf.cast(tf.shape(pieces)[1], tf.float64)

        def body(step: tf.Tensor, rows: tf.Tensor, counts: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
            batch = self._rows(xs[step], ys[step])
            gramian = _gramian_of_rows(batch)
            squares = tf.linalg.diag_part(gramian)
            usable = tf.math.is_finite(squares) & (squares > 0)
            comparable = usable[:, None] & usable[None, :]
            new_counts = tf.cast(tf.stack([comparable, comparable & (gramian < 0)]), tf.int32)
            return step + 1, rows + size * batch, counts + new_counts

        count = tf.shape(pieces)[0]
        _, rows, counts = tf.while_loop(lambda step, *_: step < count, body, (tf.constant(0), rows, counts))
        return rows, counts

    def _rows(self, x: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
        """The gradients of the heads' losses on a batch with respect to the trunk, (heads, parameters)."""
        variables = [variable.value for variable in self._model.trainable_variables]
        with tf.GradientTape(persistent=True) as tape:
            losses, _ = self._forward(x, y, tf.ones(self._heads), training=True)
        gradients_of_heads = []
        for loss in losses[1:]:
            self._check()  # while the graph is traced, which takes as long as all passes together
            gradients_of_heads.append(tape.gradient(loss, variables))
        shared = on_keras().trunk(gradients_of_heads)
        flat = [tf.concat([tf.reshape(of_head[i], (-1,)) for i in shared], 0) for of_head in gradients_of_heads]
        return tf.cast(tf.stack(flat), tf.float64)  # products of tiny float32 numbers would become 0


def _gramian_of_rows(rows: tf.Tensor) -> tf.Tensor:
    return on_keras().gramian_of([[row] for row in tf.unstack(rows)], [0])
