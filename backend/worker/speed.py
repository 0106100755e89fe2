"""Times the styles in turns, as `model.fit` runs them: A, B, C, then B, C, A, and so on.

The timed functions are Keras's own: the compiled train function of `fit`, fed by the data set that `fit` makes, and
the compiled predict function of `predict`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from time import perf_counter
from typing import TypeVar

import keras
import numpy as np
import tensorflow as tf

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.dataset import Sequences, generate
from backend.experiment.optimizers import OPTIMIZERS, Optimizer
from backend.experiment.styles import STYLES
from backend.jobs.runtime import Context, Refused
from backend.machine import this_machine
from backend.speed.job import PointEvent, SpeedJob, SweepPhase
from backend.speed.result import Point, StyleTimings, SweepResult
from backend.speed.sweep import MODES, STEPS_PER_EXECUTION, Mode, Sweep, SweepStyle, with_heads
from backend.statistics.intervals import FEWEST_PAIRS
from backend.worker.build import build
from backend.worker.keras_internals import fit_batches, release_traced_graphs, train_graph

Style = TypeVar("Style", bound=str)

#: Seconds for all rounds of one quantity at one point; at least `FEWEST_PAIRS` rounds are timed.
BUDGET = {"build": 0.4, "train": 0.9, "infer": 0.4}
MOST_ROUNDS = 31
#: A reading takes as many calls as fill this many seconds. In shorter ones, clock and caches have too much influence.
READING, MOST_CALLS = 0.015, 8
BATCHES = 8


def speed(job: SpeedJob, context: Context) -> SweepResult:
    """Measure the sweep on the trunk, optimizer and batch size of the experiment.

    Reports a `SweepPhase` before each part of a point, and a `PointEvent` as soon as a point is measured. Raises
    `Cancelled` between two readings, `Refused` if Keras does not compile the model as requested.
    """
    experiment, sweep = job.experiment, job.sweep
    machine, began = this_machine(), perf_counter()
    points: list[Point] = []
    builds: dict[int, dict[SweepStyle, list[float]]] = {}
    for mode, k in sweep.points():
        with release_traced_graphs():
            point = _Stopwatch(experiment, sweep, mode, k, context).measure(builds)
        points.append(point)
        context.report(PointEvent(data=point, seconds=perf_counter() - began))
    return SweepResult(
        experiment=experiment,
        sweep=sweep,
        points=points,
        machine=machine,
        measured_at=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=perf_counter() - began,
    )


class Subject:
    """One style with k heads, compiled for `fit` in one mode."""

    def __init__(self, source: str, architecture: Architecture, fused: bool, optimizer: Optimizer, mode: Mode) -> None:
        self.model = build(source, seed=0)
        losses = [head.loss for head in architecture.heads]
        one = fused or len(losses) == 1
        self.model.compile(
            optimizer=eval(OPTIMIZERS[optimizer].source(0.001), {"keras": keras}),
            loss=losses[0] if one else losses,
            **MODES[mode].arguments,
        )
        self._one = one
        self._steps = STEPS_PER_EXECUTION if mode == "steps" else 1

    def feed(self, x: np.ndarray, y: list[np.ndarray], batch: int) -> None:
        """Feed endless batches of these arrays, made as `fit` makes them."""
        self._batches = fit_batches(x, np.concatenate(y, axis=1) if self._one else y, batch)
        self._x = tf.constant(x[:batch])
        self.model.make_train_function()
        self.model.make_predict_function()

    def first_call(self) -> float:
        """Seconds of the first call of the train function, which includes the trace."""
        return self.train(1) * self._steps

    def train(self, calls: int = 1) -> float:
        """Seconds per step, over this many calls of the train function."""
        start = perf_counter()
        for _ in range(calls):
            self.model.train_function(self._batches)
        return (perf_counter() - start) / (calls * self._steps)

    def infer(self, calls: int = 1) -> float:
        """Seconds per forward pass, over this many calls of the predict function."""
        data = [(self._x,)]
        start = perf_counter()
        for _ in range(calls):
            self.model.predict_function(data)
        return (perf_counter() - start) / calls

    def operations(self) -> int:
        """The number of nodes of the traced train function and of its inner functions."""
        graph = train_graph(self.model).get_concrete_function(self._batches).graph.as_graph_def()
        return len(graph.node) + sum(len(function.node_def) for function in graph.library.function)


class _Stopwatch:
    """Measures one point: k heads in one mode, all styles of the sweep."""

    def __init__(self, experiment: Experiment, sweep: Sweep, mode: Mode, k: int, context: Context) -> None:
        self._architecture = with_heads(experiment.architecture, k)
        self._training = experiment.training
        self._styles = sweep.styles
        self._mode, self._k, self._context = mode, k, context
        self._sources = {style: STYLES[style].write(self._architecture) for style in sweep.styles}

    def measure(self, builds: dict[int, dict[SweepStyle, list[float]]]) -> Point:
        """The point. `builds` caches the build times by k, as they do not depend on the mode."""
        self._report_phase("Building")
        subjects = {style: self._subject(style) for style in self._styles}
        first = {}
        for style, subject in subjects.items():
            self._report_phase(f"Tracing {STYLES[style].title}")
            first[style] = subject.first_call()
            self._context.traced()
        self._report_phase("Timing the styles in turns")
        if self._k not in builds:
            builds[self._k] = self._rounds("build", {style: self._builder(style) for style in self._styles})
        train = self._rounds("train", {style: subject.train for style, subject in subjects.items()})
        infer: dict[SweepStyle, list[float]] = {style: [] for style in self._styles}
        if self._mode != "steps":
            infer = self._rounds("infer", {style: subject.infer for style, subject in subjects.items()})
        figures = {
            style: StyleTimings(
                build=builds[self._k][style],
                first_call=first[style],
                train=train[style],
                infer=infer[style],
                weights=len(subject.model.trainable_variables),
                slots=len(subject.model.optimizer.variables),
                trackers=len(subject.model.metrics_variables),
                operations=subject.operations(),
            )
            for style, subject in subjects.items()
        }
        return Point(mode=self._mode, k=self._k, styles=figures)

    def _report_phase(self, doing: str) -> None:
        self._context.raise_if_cancelled()
        self._context.report(SweepPhase(mode=self._mode, k=self._k, doing=doing))

    def _subject(self, style: SweepStyle) -> Subject:
        fused = STYLES[style].outputs == "fused"
        subject = Subject(self._sources[style], self._architecture, fused, self._training.optimizer, self._mode)
        if self._mode == "xla" and not subject.model.jit_compile:  # an LSTM that could run on cuDNN, with a GPU
            raise Refused(
                "On this machine, Keras does not compile this trunk with XLA: it ignores jit_compile=True. Choose the "
                "other modes."
            )
        batch = self._training.batch
        sequences = Sequences(samples=max(32, BATCHES * batch))
        dataset = generate(self._architecture, sequences, (sequences.samples,))
        subject.feed(dataset.x, list(dataset.y.values()), batch)
        return subject

    def _builder(self, style: SweepStyle) -> Callable[[int], float]:
        source = self._sources[style]

        def time(calls: int) -> float:
            start = perf_counter()
            for _ in range(calls):
                build(source)
            return (perf_counter() - start) / calls

        return time

    def _rounds(self, what: str, timers: dict[SweepStyle, Callable[[int], float]]) -> dict[SweepStyle, list[float]]:
        """Seconds per call by style, one reading per round. A discarded first round decides the calls per reading."""
        warm = sum(timer(1) for timer in timers.values()) / len(timers)
        if what == "train" and self._mode == "steps":
            warm *= STEPS_PER_EXECUTION
        calls = int(np.clip(READING / warm, 1, MOST_CALLS))
        return in_turns(timers, calls, BUDGET[what], self._context)


def in_turns(
    timers: Mapping[Style, Callable[[int], float]], calls: int, seconds: float, context: Context
) -> dict[Style, list[float]]:
    """Readings by style, one per round: what each timer returns for `calls` calls.

    The order rotates from round to round, because a style that runs after another finds that one's data in the caches.
    The rounds end after `seconds`, but not before `FEWEST_PAIRS` rounds, and at `MOST_ROUNDS` at the latest. Raises
    `Cancelled` between two readings.
    """
    order = list(timers)
    readings: dict[Style, list[float]] = {style: [] for style in timers}
    deadline, done = perf_counter() + seconds, 0
    while done < FEWEST_PAIRS or (done < MOST_ROUNDS and perf_counter() < deadline):
        for style in order:
            context.raise_if_cancelled()
            if calls > 1:
                timers[style](1)  # fills the caches, which hold the data of the style before
            readings[style].append(timers[style](calls))
        order = [*order[1:], order[0]]
        done += 1
    return readings
