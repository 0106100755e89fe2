"""The speed sweep on its page: Start, Cancel, progress, and what it found so far; a recorded one to begin with."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from backend.experiment import Experiment
from backend.jobs import Job, JobView
from backend.speed import findings, url
from backend.speed.sweep import MODES, Point, Sweep, SweepResult, csv, expected_seconds, points_of, recorded, same_step
from backend.words import about
from components.live import interrupted
from components.live.polling import Watch, poll_while, progress, refusal
from components.session import state
from components.speed import outcome, settings

SWEEPS = Watch("speed")


@dataclass(frozen=True)
class Shown:
    """What the page shows: points, what they were measured on, and of what sweep."""

    points: Sequence[Point]
    experiment: Experiment
    sweep: Sweep
    told: str


def show(experiment: Experiment) -> None:
    """Draw the choices, then the rest again and again while a sweep runs."""
    sweep = settings.show(experiment)

    def draw() -> None:
        job = SWEEPS.job()
        shown = _shown(job)
        _controls(experiment, sweep, job.view() if job else None, shown)
        refusal()
        if job:
            _line(job, experiment, sweep)
        elif gone := interrupted.lost(SWEEPS.kind):
            interrupted.show(gone, "sweep", _repeat)
        st.caption(shown.told)
        outcome.show(shown.points, [k for _, k in shown.sweep.points()])

    poll_while(draw, SWEEPS.pending)


def _start() -> None:
    experiment, sweep = state.experiment().unlabelled(), settings.sweep()
    job = SWEEPS.start({"experiment": experiment.model_dump(mode="json"), "sweep": sweep.model_dump(mode="json")})
    if job is not None:
        choices = {key: state.choice(key) for key in settings.CHOICES}
        interrupted.begun(SWEEPS.kind, experiment, {"": job}, **choices)


def _repeat() -> None:
    gone = interrupted.lost(SWEEPS.kind)
    if gone is not None:
        state.replace(gone.experiment)
        state.choose_again(settings.CHOICES, gone.query)
        _start()


def _again() -> None:
    """Take the settings of the sweep on the page, and measure them."""
    job = SWEEPS.job()
    if job is not None:
        experiment, sweep = _asked(job)
        state.replace(experiment)
        for key in settings.CHOICES:
            state.choose(key, url.text(sweep, key))
        _start()


def _shown(job: Job | None) -> Shown:
    """The visitor's own sweep as soon as it has a point, else the recorded one."""
    view = job.view() if job else None
    points = points_of(view.events) if view else []
    if job is None or view is None or not points:
        return _told(recorded(), f":material/inventory_2: **Recorded** on {recorded().machine.name}")
    if view.state == "finished":
        return _told(view.result, f":material/timer: **Yours**, measured on {view.result.machine.name}")
    experiment, sweep = _asked(job)
    return Shown(points, experiment, sweep, f":material/timer: **Yours**, as it comes: {findings.trunk(experiment)}")


def _told(result: SweepResult, where: str) -> Shown:
    told = (
        f"{where}: {findings.trunk(result.experiment)}; {result.machine.software}; {result.seconds:.0f} s under a "
        f"load of {result.machine.load:.1f}, {result.measured_at[:10]}."
    )
    return Shown(result.points, result.experiment, result.sweep, told)


def _asked(job: Job) -> tuple[Experiment, Sweep]:
    return Experiment.model_validate(job.payload["experiment"]), Sweep.model_validate(job.payload["sweep"])


def _controls(experiment: Experiment, sweep: Sweep, view: JobView | None, shown: Shown) -> None:
    running = view is not None and not view.ended
    planned = sweep.points()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Start", type="primary", icon=":material/play_arrow:", on_click=_start, disabled=running or not planned
        )
        cancelling = view is not None and view.cancelling
        st.button("Cancel", icon=":material/stop:", on_click=SWEEPS.cancel, disabled=not running or cancelling)
        st.download_button(
            "CSV", lambda: csv(shown.points), file_name="two-heads-speed.csv", mime="text/csv",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        if not running and planned:
            seconds = sum(expected_seconds(experiment.architecture, *point) for point in planned)
            st.caption(f":material/timer: Expected: {about(seconds)} on an idle core", width="content")


def _line(job: Job, experiment: Experiment, sweep: Sweep) -> None:
    """Where the sweep stands, or how it ended."""
    view = job.view()
    if not view.ended:
        progress(view, *_progress(job))
    elif view.state == "finished":
        if not same_step(view.result.experiment, experiment) or view.result.sweep != sweep:
            st.caption("**Settings have changed since; Start measures the new ones.**")
    elif view.state in ("cancelled", "abandoned"):
        shown = " What was measured before is shown." if points_of(view.events) else ""
        with st.container(horizontal=True, vertical_alignment="center"):
            st.info(f"{view.message}{shown}", icon=":material/stop_circle:")
            if view.state == "abandoned":
                st.button("Repeat it", on_click=_again)
    else:
        st.warning(view.message, icon=":material/error:")


def _progress(job: Job) -> tuple[float, str]:
    """How much of the time is over, and what is being done now."""
    view = job.view()
    phases = [event for event in view.events if event.get("event") == "phase"]
    if not phases:
        return 0.0, "Starting …"
    experiment, sweep = _asked(job)
    work = [expected_seconds(experiment.architecture, *point) for point in sweep.points()]
    done = [event["seconds"] for event in view.events if event.get("event") == "point"]
    in_all = sum(work) * (done[-1] / sum(work[: len(done)]) if done else 1)
    spent = time.time() - (view.started_at or view.submitted_at)
    now = phases[-1]
    what = f"{now['doing']} · {MODES[now['mode']].title}, {findings.heads(now['k'])}"
    return min(spent / in_all, 0.99), f"{what} · {about(in_all - spent)} left"
