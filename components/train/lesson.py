"""What a step of a lesson shows of Train: its training, which leaves the visitor's own run as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from backend.experiment import Experiment
from backend.jobs import JobView
from backend.lessons import Step
from backend.lessons.findings import of_run
from backend.questions.pictures import Line, Lines, Table, of_task
from backend.rooms.parts import Part
from backend.services import services
from backend.training.runs import TrainingRun
from backend.words import short
from components.investigations.panel import Panel
from components.investigations.parts import of_picture, sources
from components.session.visitor import visitor
from components.train import answer, outcome, player, ratio, sequences
from components.train.run import RunView, ShownRun
from components.train.sample import SHOWN, cached_sample, of_experiment

_RUNS = "learn.runs"
#: The most runs that a session keeps a reference to.
_MOST = 24
_OF_RUN: Mapping[str, Callable[[RunView], None]] = {
    "answer": lambda now: answer.show(ShownRun(now)),
    "totals": partial(outcome.totals, log=True),
    "ratio": lambda now: ratio.show(now.experiment, now.epochs),
    "tasks": partial(outcome.tasks, log=True),
    "player": lambda now: _played(ShownRun(now)),
}


class TrainPanel(Panel):
    """The sequences, and the curves of the step's training once it has ended."""

    title = "Train"

    def views(self, step: Step, again: bool = False) -> list[JobView]:
        return [] if step.block.run == "none" else [_run(step.experiment, again).view]

    def doing(self, step: Step) -> str:
        return f"Keras trains both {step.experiment.noun}s …"

    def draw(self, name: str, step: Step) -> None:
        if name == "sequences":
            sequences.show(step.experiment)
        elif (now := _run(step.experiment)).epochs:
            _OF_RUN[name](now)

    def finding(self, step: Step) -> str:
        now = _run(step.experiment) if step.block.run != "none" else None
        return of_run(step, now.run.epochs) if now is not None and now.run is not None else ""

    def question(self, step: Step, wall: bool = False) -> list[Part]:
        return _sequences(step.experiment) if "sequences" in step.block.show else []

    def beside_votes(self, step: Step) -> list[Part]:
        return sources(step.experiment, True)  # because nearly all panels show results


def _played(shown: ShownRun) -> None:
    """Draw weights and predictions of a run that has finished, and the player that moves them."""
    outcome.show_weights(shown, within=False)
    outcome.show_predictions(shown)
    player.show(shown.run)


def _run(experiment: Experiment, again: bool = False) -> RunView:
    """The training of this experiment, requested once a session; with `again`, also if it has failed."""
    runs: dict[str, TrainingRun] = st.session_state.setdefault(_RUNS, {})
    known = runs.get(experiment.key())
    if known is None or (again and known.job.ended and known.job.state != "finished"):
        runs[experiment.key()] = known = services().runs.train_aside(experiment, visitor())
        while len(runs) > _MOST:
            del runs[next(iter(runs))]
    return RunView(known.experiment, known.view(), known.known_since)


def _sequences(experiment: Experiment) -> list[Part]:
    """Some sequences, and their targets."""
    heads = experiment.architecture.heads
    sample, _ = cached_sample(*of_experiment(experiment))
    steps = list(range(1, sample.x.shape[1] + 1))
    lines = [Line(f"sequence {i + 1}", sample.x[i, :, 0].tolist(), of_task(i)) for i in range(SHOWN)]
    rows = [
        {"sequence": str(i + 1), **{head.name: _target(sample.y[head.name][i]) for head in heads}} for i in range(SHOWN)
    ]
    source = experiment.architecture.source
    feature = source.feature(0) if source.own is None else "the first feature"  # a column's name may be any text
    return [
        of_picture(Lines(f"Four sequences, {feature}", steps, lines, x_name="timestep")),
        of_picture(Table(rows)),
    ]


def _target(value: Any) -> str:
    return ", ".join(short(float(each), 3) for each in value.reshape(-1)[:4])
