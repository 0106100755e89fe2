"""The jobs on a topology: build it and try its Sequential attempt; train it beside its baseline."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from backend.jobs.messages import Phase, Progress
from backend.jobs.runtime import Context
from backend.questions.topologies import TOPOLOGIES
from backend.questions.topologies.base import BATCH, FIRST_SEED, SAMPLES, Problem, Recipe
from backend.questions.topologies.job import (
    Scores,
    SeedEvent,
    TopologyInspection,
    TopologyInspectJob,
    TopologyJob,
    TopologyResult,
)
from backend.worker.build import build
from backend.worker.describe import layer_graph
from backend.worker.keras_internals import set_steps_per_execution

#: Steps in one call into TensorFlow; here an epoch. The results are the same in half the time.
STEPS_A_CALL = SAMPLES // BATCH
#: Escape sequences that print parts of Keras's errors in bold.
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def inspect(job: TopologyInspectJob, context: Context) -> TopologyInspection:
    """Build the topology and its baseline, and try its Sequential attempt; nothing is traced."""
    topology = TOPOLOGIES[job.topology]
    model, baseline = (build(recipe.text) for recipe in (topology.model, topology.baseline))
    return TopologyInspection(
        graph=layer_graph(model),
        baseline_graph=layer_graph(baseline),
        parameters=int(model.count_params()),
        baseline_parameters=int(baseline.count_params()),
        error=error_of(topology.attempt),
    )


def error_of(source: str) -> str | None:
    """The exception that executing `source` raises, as type and message; None if it raises none."""
    try:
        build(source)
    except Exception as error:
        return _ESCAPES.sub("", f"{type(error).__name__}: {error}")
    return None


def train(job: TopologyJob, context: Context) -> TopologyResult:
    """Train the topology and its baseline with `model.fit`, seed after seed, for both lengths of training.

    A seed decides the data, the initial weights and the order of the batches. Both models get the same data in the same
    order. The longer training starts from fresh weights. Reports `Progress` after each epoch, and after each seed a
    `SeedEvent` with the scores on validation sequences. Raises `Cancelled` after an epoch.
    """
    topology = job.definition
    context.report(Phase(phase="building"))
    runners = {"model": Runner(topology.model), "baseline": Runner(topology.baseline)}
    context.traced(len(runners))
    context.report(Phase(phase="training"))
    progress = _progress(context, sum(topology.lengths) * topology.seeds * len(runners))
    scores: dict[int, Scores] = {}
    for epochs in topology.lengths:
        by_model: dict[str, list[float]] = {name: [] for name in runners}
        for seed in range(FIRST_SEED, FIRST_SEED + topology.seeds):
            problem = topology.problem(seed, 2 * SAMPLES, job.relatedness)
            training, validation = problem.part(0, SAMPLES), problem.part(SAMPLES, 2 * SAMPLES)
            for name, runner in runners.items():
                runner.fit(training, seed, epochs, progress)
                by_model[name].append(topology.metric.score(runner.predict(validation.x), validation.y))
            last = {name: values[-1] for name, values in by_model.items()}
            context.report(SeedEvent(epochs=epochs, seed=seed, model=last["model"], baseline=last["baseline"]))
        scores[epochs] = Scores(model=by_model["model"], baseline=by_model["baseline"])
    return TopologyResult(scores=scores)


class Runner:
    """One compiled model, traced in its first epoch and reset to fresh weights for each seed."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._model = build(recipe.text)
        set_steps_per_execution(self._model, STEPS_A_CALL)
        self._model.optimizer.build(self._model.trainable_variables)
        self._fresh = [np.array(variable) for variable in self._model.optimizer.variables]

    def fit(self, problem: Problem, seed: int, epochs: int, *callbacks: keras.callbacks.Callback) -> None:
        """Train from fresh weights and an empty optimizer state; `seed` decides the weights and the batches."""
        self._model.set_weights(build(self._recipe.source, seed).get_weights())
        for variable, value in zip(self._model.optimizer.variables, self._fresh, strict=True):
            variable.assign(value)
        y = {name: problem.y[name] for name in self._model.output}
        data = tf.data.Dataset.from_tensor_slices((inputs_of(self._model, problem.x), y))
        data = data.shuffle(SAMPLES, seed=seed, reshuffle_each_iteration=True).batch(BATCH, drop_remainder=True)
        self._model.fit(data, epochs=epochs, shuffle=False, verbose=0, callbacks=list(callbacks))

    def predict(self, x: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """The outputs by name; nothing is traced."""
        inputs = inputs_of(self._model, x)
        return {name: np.asarray(values) for name, values in self._model(inputs, training=False).items()}


def inputs_of(model: keras.Model, x: Mapping[str, np.ndarray]) -> Any:
    """The inputs of `model` among `x`: an array, or a tuple if the model has several."""
    arrays = tuple(x[tensor.name] for tensor in model.inputs)
    return arrays if len(arrays) > 1 else arrays[0]


def _progress(context: Context, epochs: int) -> keras.callbacks.Callback:
    """A callback that reports after each epoch the share of `epochs` that is done. Raises `Cancelled`."""
    done = 0

    def ended(epoch: int, logs: Any) -> None:
        nonlocal done
        done += 1
        context.report(Progress(share=done / epochs))
        context.raise_if_cancelled()

    return keras.callbacks.LambdaCallback(on_epoch_end=ended)
