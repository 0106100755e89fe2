"""Evidence for claim 10: steps of `fit` of both styles, timed in turns; and the size of what runs."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from backend.experiment import Experiment
from backend.styles import STYLES
from backend.worker.evidence.common import sample
from backend.worker.forget import forgetting
from backend.worker.runtime import Context
from backend.worker.stopwatch import Subject

PAIRS, FEWEST_PAIRS, SECONDS = 40, 8, 1.2
#: Batches in the data set, at most; steps are taken over and over from it.
BATCHES = 8
#: A step shorter than this (seconds) is read as the mean of two, after one that warms the caches up again.
SHORT = 0.02


def measure(experiment: Experiment, context: Context) -> dict[str, Any]:
    """Style key → `seconds` of each reading, `first` call (traces), `operations`, and variables by kind.

    Reading i of one style was taken just before reading i of the other. The pairs end at 40, or after 1.2 s.
    """
    architecture, training = experiment.architecture, experiment.training
    x, y = sample(experiment, experiment.sequences.samples)
    batch = min(training.batch, len(x))
    used = batch * min(BATCHES, len(x) // batch)  # whole batches: another size would be traced again
    heads = [values[:used] for values in y.values()]
    with forgetting():
        subjects, first = {}, {}
        for key in ("sequential", "functional"):
            context.raise_if_cancelled()
            style = STYLES[key]
            fused = style.outputs == "fused"
            subjects[key] = Subject(style.write(architecture), architecture, fused, training.optimizer, "fit")
            subjects[key].feed(x[:used], heads, batch)
            first[key] = subjects[key].first_call()
            context.traced()
        return {
            key: {
                "seconds": seconds,
                "first": first[key],
                "operations": subjects[key].operations(),
                "weights": len(subjects[key].model.trainable_variables),
                "slots": len(subjects[key].model.optimizer.variables),
                "trackers": len(subjects[key].model.metrics_variables),
            }
            for key, seconds in _pairs(subjects, context).items()
        }


def _pairs(subjects: dict[str, Subject], context: Context) -> dict[str, list[float]]:
    short = max(subject.train() for subject in subjects.values()) < SHORT
    readings: dict[str, list[float]] = {key: [] for key in subjects}
    deadline, done = perf_counter() + SECONDS, 0
    while done < FEWEST_PAIRS or (done < PAIRS and perf_counter() < deadline):
        context.raise_if_cancelled()
        for key, subject in subjects.items():
            if short:
                subject.train()
            readings[key].append(subject.train(2 if short else 1))
        done += 1
    return readings
