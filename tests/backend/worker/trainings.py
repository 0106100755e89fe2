"""Experiments that the tests of the trainer share, how they run, and plain `model.fit` on the same batches."""

import keras
import numpy as np

from backend.experiment import Experiment
from backend.experiment.dataset import generate
from backend.jobs.runtime import Context
from backend.training.job import TrainJob
from backend.worker.build import build, load, transfer_weights, weights_of
from backend.worker.train import train

REGRESSION = [{"name": "one", "task": "level"}, {"name": "two", "task": "last", "units": 2}]
ALL_LOSSES = [
    {"name": "squared", "task": "level", "loss": "mse"},
    {"name": "absolute", "task": "trend", "loss": "mae", "activation": "tanh"},
    {"name": "smooth", "task": "last", "units": 2, "loss": "huber", "hidden": [3]},
    {"name": "yes_no", "task": "spike", "activation": "sigmoid", "loss": "binary_crossentropy"},
    {"name": "classes", "task": "waveform", "units": 3, "activation": "softmax", "loss": "categorical_crossentropy"},
]


def experiment(
    heads=REGRESSION,
    left="sequential",
    right="functional",
    samples=80,
    dense=({"units": 4},),
    timesteps=None,
    **training,
):
    """A small network, of few timesteps, since each takes time to trace. A waveform needs eight.

    Momentum has a state, as Adam has, and takes half as long to trace.
    """
    timesteps = timesteps or (8 if heads is ALL_LOSSES else 2)
    return Experiment.model_validate(
        {
            "architecture": {"timesteps": timesteps, "features": 2, "lstm": [4], "dense": dense, "heads": heads},
            "sequences": {"samples": samples, "seed": 3},
            "training": {"batch": 16, "epochs": 20, "seed": 5, "optimizer": "momentum", **training},
            "left": left,
            "right": right,
        }
    )


class Recorder(Context):
    """A job's context that keeps what is reported, and is cancelled once `cancel_after` events have come."""

    def __init__(self, cancel_after=None):
        super().__init__()
        self.events = []
        self.cancel_after = cancel_after

    def report(self, event):
        self.events.append(event)

    def cancelled(self):
        return self.cancel_after is not None and len(self.events) >= self.cancel_after


def run(setting, context=None, **how):
    return train(TrainJob(experiment=setting), context or Recorder(), **how)


def bits(result):
    """Every number that the experiment decides: curves, weights, weights by epoch and predictions."""
    kept = result.model_dump(include={"epochs", "weights", "snapshots", "predictions", "stopped"})
    for epoch in kept["epochs"]:
        del epoch["seconds"]
    return kept


def same_weights(one, other):
    return one.keys() == other.keys() and all(
        np.array_equal(a, b) for name in one for a, b in zip(one[name], other[name], strict=True)
    )


def curve(result, side, what="total"):
    return np.array([getattr(getattr(epoch, side), what) for epoch in result.epochs])


def head_curves(result, side, what="heads"):
    return {name: np.array([getattr(getattr(e, side), what)[name] for e in result.epochs]) for name in heads_of(result)}


def heads_of(result):
    return [head.name for head in result.experiment.architecture.heads]


def shaped(y, style, architecture, rows):
    parts = {head.name: y[head.name][rows] for head in architecture.heads}
    if style.outputs == "dict":
        return parts
    if style.one_output(architecture):
        return np.concatenate(list(parts.values()), axis=1)
    return list(parts.values())


def fit(setting, side, epochs=None):
    """The history of `model.fit` on the source that is shown, epoch by epoch on the trainer's batches.

    `epochs` are fewer than those of the setting, where the first ones say enough.
    """
    architecture, training, styles = setting.architecture, setting.training, setting.styles()
    style = styles[side]
    model = build(style.write(architecture), training.seed)
    if side and training.same_start:
        first = weights_of(build(styles[0].write(architecture), training.seed))
        load(model, transfer_weights(first, architecture, *styles))
    losses = [head.loss for head in architecture.heads]
    weights = list(training.loss_weights(architecture))
    if style.outputs == "dict":
        names = [head.name for head in architecture.heads]
        losses, weights = dict(zip(names, losses, strict=True)), dict(zip(names, weights, strict=True))
    elif style.one_output(architecture):
        losses, weights = losses[0], None
    model.compile(optimizer=eval(training.optimizer_source, {"keras": keras}), loss=losses, loss_weights=weights)
    dataset = generate(architecture, setting.sequences, setting.parts)
    size, validating = training.split(len(dataset.x))
    held_out = slice(size, size + validating)
    validation = (dataset.x[held_out], shaped(dataset.y, style, architecture, held_out)) if validating else None
    order = np.random.default_rng(training.seed)
    histories = []
    for _ in range(epochs or training.epochs):
        rows = order.permutation(size)
        history = model.fit(
            dataset.x[rows],
            shaped(dataset.y, style, architecture, rows),
            batch_size=training.batch,
            shuffle=False,
            verbose=0,
            validation_data=validation,
        )
        histories.append({name: values[0] for name, values in history.history.items()})
    return {name: np.array([history[name] for history in histories]) for name in histories[0]}


def agree(ours, keras_own):
    np.testing.assert_allclose(ours, keras_own, rtol=1e-4)
