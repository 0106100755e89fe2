"""The measurement of claim 10: train steps of both styles and of a control, timed in turns, and their graphs' sizes.

It is separate from the shown code, which always takes 31 rounds and cannot be cancelled between them. On two busy cores
that code takes 4.2 s for the thread's network, but 16 s for two LSTM(128) layers on 64 time steps, and more for larger
batches. Here the number of rounds depends on how long a step takes (3.9 s and 10 s), a job can be cancelled between two
readings, and the operations of the traced graph are counted by the same functions as on the Speed page.
"""

from __future__ import annotations

from datetime import UTC, datetime

from backend.experiment.dataset import generate
from backend.experiment.styles import STYLES
from backend.jobs.runtime import Context
from backend.machine import this_machine
from backend.questions.claims.job import ClaimJob
from backend.questions.claims.speed import Timings
from backend.questions.speed.result import Point
from backend.questions.speed.sweep import TIMED
from backend.worker.keras_internals import release_traced_graphs
from backend.worker.speed import Subject
from backend.worker.stopwatch import in_turns

#: Batches in the data set, at most; steps repeat them.
BATCHES = 8
#: A step shorter than this (seconds) is read as the mean of two, after one that warms the caches.
SHORT = 0.02
#: Seconds for all rounds of short steps, and of longer steps, which get fewer rounds in a second.
SECONDS, SECONDS_SLOW = 1.5, 6.0


def measure(job: ClaimJob, context: Context) -> Timings:
    """Time train steps of the styles of a sweep in turns. Raises `Cancelled` between two readings."""
    experiment = job.settings
    architecture, training = experiment.architecture, experiment.training
    dataset = generate(architecture, experiment.sequences, experiment.parts)
    x, y = dataset.x, dataset.y
    batch = min(training.batch, len(x))
    used = batch * min(BATCHES, len(x) // batch)  # whole batches: Keras would trace another size again
    heads = [values[:used] for values in y.values()]
    machine, measured_at = this_machine(), datetime.now(UTC)
    with release_traced_graphs():
        subjects, first = {}, {}
        for key in TIMED:
            context.raise_if_cancelled()
            style = STYLES[key]
            fused = style.outputs == "fused"
            subjects[key] = Subject(style.write(architecture), architecture, fused, training.optimizer, "fit")
            subjects[key].feed_heads(x[:used], heads, batch)
            first[key] = subjects[key].first_call()
            context.traced()
        short = max(subject.train() for subject in subjects.values()) < SHORT
        timers = {key: subject.train for key, subject in subjects.items()}
        readings = in_turns(timers, 2 if short else 1, SECONDS if short else SECONDS_SLOW, context)
        timed = {key: subject.counted(first[key], readings[key]) for key, subject in subjects.items()}
        point = Point(mode="fit", k=len(architecture.heads), styles=timed)
    return Timings(point=point, machine=machine, measured_at=measured_at)
