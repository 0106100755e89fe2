"""The job that times the styles in turns, with more and more heads, in the modes of `fit`."""

from __future__ import annotations

from datetime import UTC, datetime
from time import perf_counter

import keras
import numpy as np

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.dataset import Sequences, generate
from backend.experiment.optimizers import OPTIMIZERS, Optimizer
from backend.experiment.styles import STYLES
from backend.jobs.runtime import Context, JobRefused
from backend.machine import this_machine
from backend.questions.claims import speed as claim_10
from backend.questions.claims.job import ClaimJob
from backend.questions.speed.job import PointEvent, SpeedJob, SweepPhase
from backend.questions.speed.result import Point, StyleTimings, SweepResult
from backend.questions.speed.sweep import MODES, STEPS_PER_EXECUTION, TIMED, Mode, SweepStyle, with_heads
from backend.worker.build import build
from backend.worker.keras_internals import release_traced_graphs, train_graph
from backend.worker.stopwatch import Stepper, builder, rounds

#: The batches that are fed again and again.
BATCHES = 8


def speed(job: SpeedJob, context: Context) -> SweepResult:
    """Measure the sweep on the trunk, optimizer and batch size of the experiment.

    Reports a `SweepPhase` before each part of a point, and a `PointEvent` as soon as a point is measured. Raises
    `Cancelled` between two readings, `JobRefused` if Keras does not compile the model as requested.
    """
    experiment, sweep = job.settings.experiment, job.settings.sweep
    machine, began = this_machine(), perf_counter()
    points: list[Point] = []
    builds: dict[int, dict[SweepStyle, list[float]]] = {}
    for mode, k in sweep.points():
        with release_traced_graphs():
            point = _PointTimer(experiment, mode, k, context).measure(builds)
        points.append(point)
        context.report(PointEvent(data=point))
    return SweepResult(
        experiment=experiment,
        sweep=sweep,
        points=points,
        machine=machine,
        measured_at=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=perf_counter() - began,
    )


def claim(job: ClaimJob, context: Context) -> SweepResult:
    """Measure the point of claim 10 in the same way."""
    return speed(SpeedJob(settings=claim_10.sweep(job.settings)), context)


class Subject(Stepper):
    """One style with k heads, compiled for `fit` in one mode."""

    def __init__(self, source: str, architecture: Architecture, fused: bool, optimizer: Optimizer, mode: Mode) -> None:
        super().__init__(build(source, seed=0), _steps_of(mode))
        losses = [head.loss for head in architecture.heads]
        one = fused or len(losses) == 1
        self.model.compile(
            optimizer=eval(OPTIMIZERS[optimizer].source(0.001), {"keras": keras}),
            loss=losses[0] if one else losses,
            **MODES[mode].arguments,
        )
        self._one = one

    def feed_heads(self, x: np.ndarray, y: list[np.ndarray], batch: int) -> None:
        """Feed endless batches of `x`, and of the targets of each head."""
        self.feed(x, np.concatenate(y, axis=1) if self._one else y, batch)

    def first_call(self) -> float:
        """Seconds of the first call of the train function, which includes the trace."""
        return self.train(1) * self._steps

    def operations(self) -> int:
        """The number of nodes of the traced train function and of its inner functions."""
        graph = train_graph(self.model).get_concrete_function(self.batches).graph.as_graph_def()
        return len(graph.node) + sum(len(function.node_def) for function in graph.library.function)


class _PointTimer:
    """Measures one point: k heads in one mode, in all styles."""

    def __init__(self, experiment: Experiment, mode: Mode, k: int, context: Context) -> None:
        self._architecture = with_heads(experiment.architecture, k)
        self._training = experiment.training
        self._mode, self._k, self._context = mode, k, context
        self._sources = {style: STYLES[style].write(self._architecture) for style in TIMED}

    def measure(self, builds: dict[int, dict[SweepStyle, list[float]]]) -> Point:
        """The point. `builds` caches the build times by k, as they do not depend on the mode."""
        self._report_phase("Building")
        subjects = {style: self._subject(style) for style in TIMED}
        first = {}
        for style, subject in subjects.items():
            self._report_phase(f"Tracing {STYLES[style].title}")
            first[style] = subject.first_call()
            self._context.traced()
        self._report_phase("Timing the styles in turns")
        if self._k not in builds:
            builders = {style: builder(source) for style, source in self._sources.items()}
            builds[self._k] = rounds("build", builders, self._context)
        timers = {style: subject.train for style, subject in subjects.items()}
        train = rounds("train", timers, self._context, _steps_of(self._mode))
        infer: dict[SweepStyle, list[float]] = {style: [] for style in TIMED}
        if self._mode != "steps":
            infer = rounds("infer", {style: subject.infer for style, subject in subjects.items()}, self._context)
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
            raise JobRefused(
                "On this machine, Keras does not compile this trunk with XLA: it ignores jit_compile=True. Choose the "
                "other modes."
            )
        batch = self._training.batch
        sequences = Sequences(samples=max(32, BATCHES * batch))
        dataset = generate(self._architecture, sequences, (sequences.samples,))
        subject.feed_heads(dataset.x, list(dataset.y.values()), batch)
        return subject


def _steps_of(mode: Mode) -> int:
    """The steps that a call of the train function takes."""
    return STEPS_PER_EXECUTION if mode == "steps" else 1
