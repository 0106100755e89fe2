"""A topology as a job: its picture and Sequential's error, and its training beside its baseline."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from backend.jobs.runtime import Context, Refused
from backend.topologies import TOPOLOGIES, Topology
from backend.topologies.base import BATCH, FIRST_SEED, SAMPLES, Problem, Recipe
from backend.worker.build import build
from backend.worker.describe import layer_graph

#: Steps that TensorFlow takes before Python looks again, an epoch here: the same numbers in half the time.
STEPS_A_CALL = SAMPLES // BATCH
#: Keras's errors may come with marks that a terminal turns into bold.
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def look(payload: dict[str, Any], context: Context) -> dict[str, Any]:
    """Build `payload["topology"]` and its baseline, and try its Sequential attempt; nothing is traced.

    Returns `dot` (Graphviz text of the topology), `parameters` (trainable: topology and baseline) and `error` (what the
    attempt raises, as Python prints it; None if it raises nothing).
    """
    topology = _topology(payload)
    models = [build(recipe.text) for recipe in (topology.model, topology.baseline)]
    return {
        "dot": layer_graph(models[0]),
        "parameters": [int(model.count_params()) for model in models],
        "error": error_of(topology.attempt),
    }


def error_of(source: str) -> str | None:
    """What executing `source` raises: its type and message; None if it raises nothing."""
    try:
        build(source)
    except Exception as error:
        return _COLOURS.sub("", f"{type(error).__name__}: {error}")
    return None


def train(payload: dict[str, Any], context: Context) -> dict[int, dict[str, list[float]]]:
    """Train `payload["topology"]` and its baseline with `model.fit`, seed after seed: briefly, then for longer.

    A seed decides the data, the initial weights and the order of the batches; the data and the order are the same for
    both. The longer training begins anew. Reports `{"event": "progress", "share": 0…1}` after each epoch and
    `{"event": "seed", "epochs", "seed", "model", "baseline"}` with the scores on held-out samples; returns the scores
    by the number of epochs, `{20: {"model": […], "baseline": […]}, 80: …}`.
    """
    topology = _topology(payload)
    relatedness = float(np.clip(float(payload.get("relatedness", 0.8)), -1, 1))
    context.report({"event": "phase", "phase": "building"})
    runners = {"model": Runner(topology.model), "baseline": Runner(topology.baseline)}
    context.traced(len(runners))
    context.report({"event": "phase", "phase": "training"})
    watch = _watch(context, sum(topology.lengths) * topology.seeds * len(runners))
    scores: dict[int, dict[str, list[float]]] = {}
    for epochs in topology.lengths:
        scores[epochs] = {name: [] for name in runners}
        for seed in range(FIRST_SEED, FIRST_SEED + topology.seeds):
            problem = topology.problem(seed, 2 * SAMPLES, relatedness)
            seen, held_out = problem.part(0, SAMPLES), problem.part(SAMPLES, 2 * SAMPLES)
            for name, runner in runners.items():
                runner.fit(seen, seed, epochs, watch)
                scores[epochs][name].append(topology.metric.score(runner.predict(held_out.x), held_out.y))
            last = {name: values[-1] for name, values in scores[epochs].items()}
            context.report({"event": "seed", "epochs": epochs, "seed": seed} | last)
    return scores


class Runner:
    """One compiled model, traced at its first epoch and set back to fresh weights for each seed."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._model = build(recipe.text)
        self._model.steps_per_execution = STEPS_A_CALL
        self._model.optimizer.build(self._model.trainable_variables)
        self._fresh = [np.array(variable) for variable in self._model.optimizer.variables]

    def fit(self, problem: Problem, seed: int, epochs: int, *callbacks: keras.callbacks.Callback) -> None:
        """Train from the weights and in the order of batches that belong to `seed`, the optimizer's state empty."""
        self._model.set_weights(build(self._recipe.source, seed).get_weights())
        for variable, value in zip(self._model.optimizer.variables, self._fresh, strict=True):
            variable.assign(value)
        y = {name: problem.y[name] for name in self._model.output}
        data = tf.data.Dataset.from_tensor_slices((inputs_of(self._model, problem.x), y))
        data = data.shuffle(SAMPLES, seed=seed, reshuffle_each_iteration=True).batch(BATCH, drop_remainder=True)
        self._model.fit(data, epochs=epochs, shuffle=False, verbose=0, callbacks=list(callbacks))

    def predict(self, x: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """The outputs by name, without tracing anything."""
        inputs = inputs_of(self._model, x)
        return {name: np.asarray(values) for name, values in self._model(inputs, training=False).items()}


def inputs_of(model: keras.Model, x: Mapping[str, np.ndarray]) -> Any:
    """What `model` takes of `x`: an array, or a tuple where it has several inputs."""
    arrays = tuple(x[tensor.name] for tensor in model.inputs)
    return arrays if len(arrays) > 1 else arrays[0]


def _watch(context: Context, epochs: int) -> keras.callbacks.Callback:
    """Tells how far all `epochs` have come after each, and stops there if the visitor has cancelled."""
    done = 0

    def ended(epoch: int, logs: Any) -> None:
        nonlocal done
        done += 1
        context.report({"event": "progress", "share": done / epochs})
        context.raise_if_cancelled()

    return keras.callbacks.LambdaCallback(on_epoch_end=ended)


def _topology(payload: Mapping[str, Any]) -> Topology:
    key = payload["topology"]
    if key not in TOPOLOGIES:
        raise Refused(f"There is no topology “{str(key)[:40]}”.")
    return TOPOLOGIES[key]
