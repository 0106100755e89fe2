"""Evidence for claim 10: steps of `fit` of both styles and of a control, timed in turns; and the size of what runs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from backend.jobs.runtime import Context
from backend.machine import this_machine
from backend.worker.claims.common import sample
from backend.worker.keras_internals import release_traced_graphs
from backend.worker.speed import Subject, in_turns

#: What is timed: the two that the claim compares, and Sequential's network compiled once more.
TIMED = ("sequential", "functional", "functional_fused")
#: Batches in the data set, at most; steps are taken over and over from it.
BATCHES = 8
#: A step shorter than this (seconds) is read as the mean of two, after one that warms the caches up again.
SHORT = 0.02
#: Seconds for all rounds of short steps, and of others, where fewer rounds fit into a second.
SECONDS, SECONDS_SLOW = 1.5, 6.0


def measure(experiment: Experiment, context: Context) -> dict[str, Any]:
    """`styles`: key → `seconds` of each reading, `first` call (traces), `operations`, and variables by kind.

    Reading i of every style was taken in the same round. `machine` (`Machine`) and `measured_at` (UTC, ISO) tell
    where and when.
    """
    architecture, training = experiment.architecture, experiment.training
    x, y = sample(experiment, experiment.sequences.samples)
    batch = min(training.batch, len(x))
    used = batch * min(BATCHES, len(x) // batch)  # whole batches: another size would be traced again
    heads = [values[:used] for values in y.values()]
    machine, measured_at = this_machine(), datetime.now(UTC).isoformat(timespec="seconds")
    with release_traced_graphs():
        subjects, first = {}, {}
        for key in TIMED:
            context.raise_if_cancelled()
            style = STYLES[key]
            fused = style.outputs == "fused"
            subjects[key] = Subject(style.write(architecture), architecture, fused, training.optimizer, "fit")
            subjects[key].feed(x[:used], heads, batch)
            first[key] = subjects[key].first_call()
            context.traced()
        short = max(subject.train() for subject in subjects.values()) < SHORT
        timers = {key: subject.train for key, subject in subjects.items()}
        readings = in_turns(timers, 2 if short else 1, SECONDS if short else SECONDS_SLOW, context)
        return {
            "machine": machine.model_dump(),
            "measured_at": measured_at,
            "styles": {
                key: {
                    "seconds": readings[key],
                    "first": first[key],
                    "operations": subject.operations(),
                    "weights": len(subject.model.trainable_variables),
                    "slots": len(subject.model.optimizer.variables),
                    "trackers": len(subject.model.metrics_variables),
                }
                for key, subject in subjects.items()
            },
        }
