"""The speed sweep on its page: Start, Cancel, progress and the results so far. At first, a recorded result is shown."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from backend.experiment import Experiment
from backend.jobs import Job, JobView
from backend.speed import findings, url, wording
from backend.speed.job import PointEvent, SpeedJob, SweepPhase, points_of
from backend.speed.result import Point, SweepResult, csv, recorded
from backend.speed.sweep import MODES, Sweep, expected_seconds, same_step
from backend.words import about, listed
from components.browser.announcement import await_end, when_ended
from components.live import interrupted, refusal
from components.live.job_status import progress
from components.live.polling import poll_while
from components.live.visitor_job import VisitorJob
from components.session import page_options, state
from components.speed import help as helps
from components.speed import outcome, settings

SWEEPS = VisitorJob("speed")
_RESULT = "speed.result"


@dataclass(frozen=True)
class Shown:
    """What the page shows: points, the experiment and the sweep that they belong to, a caption and its details."""

    points: Sequence[Point]
    experiment: Experiment
    sweep: Sweep
    caption: str
    details: str | None = None


def show(experiment: Experiment) -> None:
    """Draw the answer, the buttons and the results as a fragment that polls while a sweep runs."""
    sweep = settings.sweep()

    def draw() -> None:
        job = SWEEPS.job()
        shown = _shown(job)
        ks = [k for _, k in shown.sweep.points()]
        with st.container(border=True, gap="small"):
            mode = outcome.show_answer(shown.points, ks)
            st.caption(shown.caption, help=shown.details)
        _controls(experiment, sweep, job.view() if job else None, shown)
        refusal.show(SWEEPS.kind)
        if job is None and not same_step(shown.experiment, experiment):
            st.caption("**Your settings differ from the recorded ones. Press Start to measure them.**")
        if job:
            _line(job, experiment, sweep)
        elif lost := interrupted.lost(SWEEPS.kind):
            interrupted.show(lost, "sweep", _repeat)
        outcome.show(shown.points, mode, ks)
        if job:
            view, found = job.view(), " ".join(findings.answer(shown.points, mode))
            when_ended(_RESULT, view.id, found, running=not view.ended)

    poll_while(draw, SWEEPS.pending)


def _start() -> None:
    experiment, sweep = state.experiment().unlabelled(), settings.sweep()
    job = SWEEPS.start(SpeedJob(experiment=experiment, sweep=sweep))
    if job is not None:
        await_end(_RESULT, job.id)
        choices = {key: page_options.chosen(key) for key in settings.CHOICES}
        interrupted.begun(SWEEPS.kind, experiment, {"": job}, **choices)


def _repeat() -> None:
    lost = interrupted.lost(SWEEPS.kind)
    if lost is not None:
        state.replace(lost.experiment)
        page_options.restore(settings.CHOICES, lost.query)
        _start()


def _again() -> None:
    """Start a sweep with the settings of the one on the page."""
    job = SWEEPS.job()
    if job is not None:
        experiment, sweep = _requested(job)
        state.replace(experiment)
        for key in settings.CHOICES:
            page_options.choose(key, url.text(sweep, key))
        _start()


def _shown(job: Job | None) -> Shown:
    """The visitor's own sweep as soon as it has a point; before that, the recorded one."""
    view = job.view() if job else None
    points = points_of(view.events) if view else []
    if job is None or view is None or not points:
        return _whole(recorded(), ":material/inventory_2: **Recorded**")
    if view.state == "finished":
        return _whole(view.result, ":material/timer: **Yours**")
    experiment, sweep = _requested(job)
    caption = f":material/timer: **Yours**, the results so far, for {wording.trunk(experiment)}"
    return Shown(points, experiment, sweep, caption)


def _whole(result: SweepResult, label: str) -> Shown:
    machine = result.machine
    caption = f"{label} on {result.measured_at[:10]} on {machine.name}, for {wording.trunk(result.experiment)}"
    took = f"The sweep took {wording.seconds(result.seconds)} under a load average of {machine.load:.1f}"
    return Shown(result.points, result.experiment, result.sweep, caption, f"{took}, with {machine.software}.")


def _requested(job: Job) -> tuple[Experiment, Sweep]:
    payload = job.payload
    assert isinstance(payload, SpeedJob)
    return payload.experiment, payload.sweep


def _controls(experiment: Experiment, sweep: Sweep, view: JobView | None, shown: Shown) -> None:
    running = view is not None and not view.ended
    planned = sweep.points()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Start", type="primary", icon=":material/play_arrow:", on_click=_start, disabled=running or not planned,
            help=helps.text("speed.start"),
        )  # fmt: skip
        cancelling = view is not None and view.cancelling
        st.button(
            "Cancel", icon=":material/stop:", on_click=SWEEPS.cancel, disabled=not running or cancelling,
            help=helps.text("speed.cancel"),
        )  # fmt: skip
        st.download_button(
            "CSV", lambda: csv(shown.points), file_name="two-heads-speed.csv", mime="text/csv",
            icon=":material/download:", on_click="ignore", help=helps.text("speed.csv"),
        )  # fmt: skip
        if not running and planned:
            seconds = sum(expected_seconds(experiment.architecture, *point) for point in planned)
            what = f"{wording.heads_listed(sweep.heads)} in {listed([MODES[mode].title for mode in sweep.modes])}"
            st.caption(
                f":material/timer: {what}: {about(seconds)} expected on an idle core", width="content",
                help=f"Calculated from measurements on {recorded().machine.name}. This server may be slower or faster.",
            )  # fmt: skip


def _line(job: Job, experiment: Experiment, sweep: Sweep) -> None:
    """Draw the progress of the sweep, or how it ended."""
    view = job.view()
    if not view.ended:
        progress(view, *_progress(job))
    elif view.state == "finished":
        if not same_step(view.result.experiment, experiment) or view.result.sweep != sweep:
            st.caption("**The settings have changed since this sweep. Press Start to measure the new ones.**")
    elif view.state in ("cancelled", "abandoned"):
        shown = " The measurements up to then are shown." if points_of(view.events) else ""
        with st.container(horizontal=True, vertical_alignment="center"):
            st.info(f"{view.message}{shown}", icon=":material/stop_circle:")
            if view.state == "abandoned":
                st.button("Run again", on_click=_again)
    else:
        st.warning(view.message, icon=":material/error:")


def _progress(job: Job) -> tuple[float, str]:
    """The share of the expected time that has passed, and what is being measured."""
    view = job.view()
    phases = [event for event in view.events if isinstance(event, SweepPhase)]
    if not phases:
        return 0.0, "Starting …"
    experiment, sweep = _requested(job)
    work = [expected_seconds(experiment.architecture, *point) for point in sweep.points()]
    done = [event.seconds for event in view.events if isinstance(event, PointEvent)]
    total = sum(work) * (done[-1] / sum(work[: len(done)]) if done else 1)
    spent = time.time() - (view.started_at or view.submitted_at)
    now = phases[-1]
    doing = f"{now.doing} · {MODES[now.mode].title}, {wording.heads(now.k)}"
    return min(spent / total, 0.99), f"{doing} · {about(total - spent)} left"
