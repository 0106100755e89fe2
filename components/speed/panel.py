"""The speed sweep on its page: Start, Cancel, progress and the results so far. At first, a recorded result is shown."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from backend.experiment import Experiment
from backend.jobs import JobView
from backend.questions.speed import findings
from backend.questions.speed.job import SpeedJob, SweepPhase, points_of
from backend.questions.speed.result import Point, SweepResult, csv, recorded, recorded_of
from backend.questions.speed.sweep import MODES
from backend.services import services
from backend.words import about, listed
from components.investigations.page_job import PageJob
from components.live.polling import poll_while
from components.session import state
from components.speed import outcome, settings


def _job() -> SpeedJob:
    return SpeedJob.on(state.experiment(), settings.sweep())


def _expected() -> str:
    job = _job()
    sweep = job.settings.sweep
    return (
        f"{findings.heads(*sweep.heads)} in {listed(MODES[mode].title for mode in sweep.modes)}: "
        f"{about(job.seconds(services().durations))} expected on an idle core"
    )


_JOB = PageJob(
    _job, "speed", "Start", "Start again", expected=_expected
)  # fmt: skip


def show(experiment: Experiment) -> None:
    """Draw the answer, the buttons and the results as a fragment that polls while a sweep runs."""

    own = len(experiment.architecture.heads)

    def draw() -> None:
        view = _JOB.view()
        points, caption, details = _shown(view, experiment)
        mode = outcome.show(points, own, caption, details)
        _JOB.controls(view, lambda share: _doing(view), csv=lambda: csv(points))
        if view is None and not recorded_of(_job().settings):
            how = "" if _job().refusal() else " Press Start to measure them."
            st.caption(f"**Your settings differ from the recorded ones.{how}**")
        _JOB.show_interrupted()
        outcome.show_why(points, mode, experiment)
        _JOB.announce(view, lambda: findings.answer(findings.answered(points, mode, own))[1])

    poll_while(draw, _JOB.pending)


def _shown(view: JobView | None, experiment: Experiment) -> tuple[Sequence[Point], str, str | None]:
    """The points of the sweep with these settings, as soon as it has one; and where they come from, with details.

    Before that, they are what is chosen of the recorded sweep; the whole one, if nothing that is chosen was recorded.
    """
    here = ":material/timer: **Measured here**"
    if view is not None and view.state == "finished" and view.result is not None:
        return view.result.points, *_source(view.result, here, ", for all visitors")
    if view is not None and (so_far := points_of(view.events)):
        return so_far, f"{here}, the results so far, for {findings.trunk(experiment)}", None
    chosen, result = settings.sweep().points(), recorded()
    points = [point for point in result.points if (point.mode, point.k) in chosen]
    return points or result.points, *_source(result, ":material/inventory_2: **Recorded**")


def _source(result: SweepResult, label: str, whose: str = "") -> tuple[str, str]:
    """Where and when a sweep was measured, and in which conditions."""
    machine = result.machine
    caption = f"{label} on {result.measured_at[:10]} on {machine.name}, for {findings.trunk(result.experiment)}{whose}"
    took = f"The sweep took {result.seconds:.3g} s under a load average of {machine.load:.1f}"
    return caption, f"{took}, with {machine.software}."


def _doing(view: JobView | None) -> str:
    """What is being measured, and how much longer that takes."""
    phases = [event for event in view.events if isinstance(event, SweepPhase)] if view else []
    left = _JOB.investigation().seconds_left(view) if view else None
    if not phases:
        return "Starting …"
    now = phases[-1]
    remaining = f" · {about(left)} left" if left is not None else ""
    return f"{now.doing} · {MODES[now.mode].title}, {findings.heads(now.k)}{remaining}"
