"""Measures the gradients of the head losses with respect to the trunk, while the visitor's network trains.

The training is that of Train. After chosen epochs the trained weights go into the Functional style, where every head
has a loss of its own, and Keras's losses give one gradient for each head.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import numpy as np
import tensorflow as tf

from backend.experiment import Experiment
from backend.experiment.dataset import generate
from backend.experiment.styles import STYLES
from backend.jobs.messages import Progress
from backend.jobs.runtime import Context, JobRefused, versions
from backend.lab.gradients import Gradients, Measurement, measured_epochs
from backend.network.parameters import layers
from backend.questions.gradients.job import GradientsJob
from backend.worker.build import build, load, transfer_weights
from backend.worker.keras_internals import operations_in_order
from backend.worker.lab_trainer import gradients_function, gramian_and_counts
from backend.worker.train import weights_after
from backend.worker.trainer.divergence import Diverged

#: Batches in a call, between which the job can be cancelled.
_AT_ONCE = 8


def gradients(job: GradientsJob, context: Context) -> Gradients:
    """Train the experiment with its first seed, and measure the gradients of its right side after the chosen epochs.

    Reports its phases, and `Progress` after each measurement. Raises `Cancelled` soon after the job is cancelled, and
    `JobRefused` for one head. A training that diverges ends with a sentence in `stopped`, and keeps its measurements.
    """
    began = perf_counter()
    experiment = job.settings
    if reason := job.refusal():
        raise JobRefused(reason)
    architecture, training = experiment.architecture, experiment.training
    epochs = measured_epochs(training.epochs)
    style, functional = experiment.styles()[1], STYLES["functional"]
    model = build(functional.write(architecture), training.seed)
    of_batches = gradients_function(model, [head.loss for head in architecture.heads])
    dataset = generate(architecture, experiment.sequences, experiment.parts)
    size, _ = experiment.parts
    x, y = tf.constant(dataset.x[:size]), [tf.constant(dataset.y[head.name][:size]) for head in architecture.heads]

    def measured(x: tf.Tensor, y: Sequence[tf.Tensor], rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        parts = []
        for first in range(0, len(rows), _AT_ONCE):
            context.raise_if_cancelled()
            parts.append(of_batches(x, y, tf.constant(rows[first : first + _AT_ONCE])))
        total, counts = (sum(each[1:], each[0]) for each in zip(*parts, strict=True))
        return total, counts

    context.traced()
    orders = _orders(experiment)
    measurements: list[Measurement] = []
    stopped = None
    try:
        for epoch, (_, right) in weights_after(experiment, epochs, context):
            load(model, transfer_weights(right, architecture, style, functional))
            with operations_in_order(), np.errstate(all="ignore"):
                gramian, (comparable, conflicting) = gramian_and_counts(measured, x, y, orders[epoch], training.batch)
            measurements.append(
                Measurement(
                    epoch=epoch, gramian=gramian.tolist(), comparable=comparable.tolist(),
                    conflicting=conflicting.tolist(),
                )
            )  # fmt: skip
            context.report(Progress(share=len(measurements) / len(epochs)))
    except Diverged as sentence:
        stopped = str(sentence)
    return Gradients(
        heads=[head.name for head in architecture.heads],
        style=style.key,
        trunk=sum(layer.parameters for layer in layers(architecture, functional) if layer.head is None),
        batches=-(-size // training.batch),
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
