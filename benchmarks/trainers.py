"""The processes of `benchmarks.training` and `benchmarks.xla_program`: one experiment per line in, its seconds out."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

from backend.experiment import Experiment
from backend.experiment.dataset import generate

REPEATS = 3


def fit(experiment: Experiment, again: int = 1) -> dict[str, float]:
    """Plain `model.fit` per style. `fit`: build, compile and all epochs; `fit_again`: all epochs, median of `again`."""
    import keras
    import numpy as np

    from backend.worker.build import build

    architecture, training = experiment.architecture, experiment.training
    dataset = generate(architecture, experiment.sequences, experiment.parts)
    targets = [dataset.y[head.name] for head in architecture.heads]
    seconds = {"fit": 0.0, "fit_again": 0.0}
    for style in experiment.styles():
        begun = perf_counter()
        model = build(style.write(architecture), training.seed)
        losses: Any = [head.loss for head in architecture.heads]
        y: Any = targets
        if style.one_output(architecture):
            losses, y = losses[0], np.concatenate(targets, axis=1)
        model.compile(optimizer=eval(training.optimizer_source, {"keras": keras}), loss=losses)
        measured: list[float] = []
        for _ in range(1 + again):
            model.fit(dataset.x, y, batch_size=training.batch, epochs=training.epochs, verbose=0)
            measured.append(perf_counter() - begun)
            begun = perf_counter()
        seconds["fit"] += measured[0]
        seconds["fit_again"] += median(measured[1:])
    return seconds


def pair(experiment: Experiment) -> dict[str, float]:
    """The paired trainer with an architecture that is new (cold), compiled ahead (prepared), and used before (warm)."""
    from backend.jobs.runtime import Context
    from backend.training.job import PrepareJob, TrainJob
    from backend.worker.train import AHEAD, CACHE, prepare, train

    class Watch(Context):
        def report(self, event: object) -> None:
            times.append(perf_counter() - begun)

    seconds: dict[str, float] = {}
    for name in ("cold", "prepared", "warm"):
        if name != "warm":
            CACHE.clear()
            AHEAD.clear()
        if name == "prepared":
            prepare(PrepareJob(experiment=experiment), Context())
        times: list[float] = []
        begun = perf_counter()
        train(TrainJob(experiment=experiment), Watch())
        _building, _tracing, training, first, *_others, last = times
        seconds |= {name: last, f"first_epoch_{name}": first, "steps": last - training}
    return seconds


def both_ways(experiment: Experiment) -> dict[str, float]:
    """The paired trainer in both ways: from building to the end without a cache, and the training alone once more.

    `around` is the share of the whole training, all seeds, in which neither steps nor validation are computed: weights,
    events, snapshots, other seeds. `evaluate` is the share of the validation, where it is no part of a program.
    """
    from backend.jobs.runtime import Context
    from backend.training.job import TrainJob
    from backend.worker.train import CACHE, train

    seconds: dict[str, float] = {}
    for name, second in (("first", False), ("second", True)):
        CACHE.clear()
        begun = perf_counter()
        first = train(TrainJob(experiment=experiment), Context(), xla_program=second).timings
        seconds[f"{name}_run"] = perf_counter() - begun
        seconds[f"{name}_start"] = first.build + first.trace
        seconds[f"{name}_around"] = 1 - (first.steps * first.step + first.evaluate) / first.train
        seconds[f"{name}_evaluate"] = first.evaluate / first.train
        again = experiment.model_copy(update={"training": experiment.training.model_copy(update={"seeds": 1})})
        seconds[f"{name}_steps"] = train(TrainJob(experiment=again), Context(), xla_program=second).timings.train
    return seconds


def steps(experiment: Experiment, ways: Sequence[str]) -> dict[str, float]:
    """The seconds of a step of both styles in these ways: the median of several trainings."""
    from backend.jobs.runtime import Context
    from backend.training.job import TrainJob
    from backend.worker.train import train

    def middle(second: bool) -> float:
        job = TrainJob(experiment=experiment)
        return median(train(job, Context(), xla_program=second).timings.step for _ in range(REPEATS))

    return {way: middle(way == "second") for way in ways}


def fit_steps(experiment: Experiment) -> dict[str, float]:
    """The seconds of a step of both styles in `model.fit`, one after the other: the median of several."""
    size = -(-experiment.sequences.samples // experiment.training.batch)
    return {"fit": fit(experiment, again=REPEATS)["fit_again"] / experiment.training.epochs / size}


if __name__ == "__main__":
    if not sys.argv[1].startswith("fit"):
        from backend.worker.preload import warm_up

        warm_up()  # a worker's TensorFlow threads; below, its frozen heap
        gc.collect()
        gc.freeze()
    kinds: dict[str, Callable[[Experiment], dict[str, float]]] = {
        "fit": fit,
        "pair": pair,
        "both_ways": both_ways,
        "first": partial(steps, ways=("first",)),
        "both": partial(steps, ways=("first", "second")),
        "fit_steps": fit_steps,
    }
    measured = kinds[sys.argv[1]]
    for line in sys.stdin:
        print(json.dumps(measured(Experiment.model_validate_json(line))), flush=True)
