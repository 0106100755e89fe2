"""The jobs on a topology: build it and try its Sequential attempt; train it beside its baseline."""

from __future__ import annotations

import re

import keras

from backend.jobs.messages import Progress
from backend.jobs.runtime import Context
from backend.questions.topologies import TOPOLOGIES
from backend.questions.topologies.job import SeedEvent, TopologyInspection, TopologyInspectJob, TopologyJob
from backend.questions.topologies.verdict import TopologyResult
from backend.worker.build import build, execute
from backend.worker.describe import layer_graph
from backend.worker.keras_internals import callback_in_each_fit, release_traced_graphs

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


def measure(job: TopologyJob, context: Context) -> TopologyResult:
    """Execute the script of the topology, which trains it and its baseline with `model.fit`, seed after seed.

    Reports `Progress` after each epoch, and after each seed a `SeedEvent`. Raises `Cancelled`. TensorFlow chooses the
    order of operations (`backend.worker.script` sets it): with a set order, several steps in one call wait forever.
    """
    topology, done = job.definition, 0
    epochs = 2 * topology.seeds * sum(topology.lengths)

    def epoch_ended(batch: int, logs: object) -> None:
        nonlocal done
        done += 1
        context.raise_if_cancelled()
        context.report(Progress(share=min(done / epochs, 1.0)))

    def printed(*values: object, flush: bool = False) -> None:
        match values:
            case (str(), float() as model, float() as baseline):
                context.report(SeedEvent(model=model, baseline=baseline))

    watch = keras.callbacks.LambdaCallback(on_train_batch_end=epoch_ended)
    with release_traced_graphs(), callback_in_each_fit(watch, first_fit=context.traced):
        return TopologyResult(scores=execute(job.script(), print=printed)["scores"])
