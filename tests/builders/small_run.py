"""A small run of two seeds as a worker would have returned it, with one epoch and without weights."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.training import Training
from backend.training.job import EpochEvent
from backend.training.result import Run, Timings

EXPERIMENT = Experiment(training=Training(epochs=10, seeds=2))


def epoch(number, seed=0):
    losses = {"total": 1.0, "heads": {"level": 0.5}}
    data = {"seed": seed, "epoch": number, "left": losses, "right": losses, "seconds": 2.0 * (number + 10 * seed)}
    return EpochEvent(data=data)


def run(**changes):
    timings = Timings(build=0.1, trace=0.5, train=2.0, step=0.001, steps=640, traced=2)
    values = {
        "experiment": EXPERIMENT,
        "styles": ("sequential", "functional"),
        "epochs": [epoch(1).data],
        "snapshots": [],
        "predictions": None,
        "weights": {},
        "timings": timings,
        "versions": {},
    }
    return Run(**(values | changes))
