"""Jobs that a server restart ended: the page says so, and offers to run them again or to dismiss the message."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.url import write_query
from backend.jobs import Job
from backend.services import services
from backend.training.started import InterruptedJobs
from backend.words import ago
from components.session.visitor import visitor


def record(job: Job, experiment: Experiment, part: str = "", **choices: str) -> None:
    """Record a job that the visitor has started, with the experiment and the page options in `choices`.

    If the page has several at once, `part` tells them apart.
    """
    query = write_query(experiment.unlabelled()) | {key: [value] for key, value in choices.items()}
    services().started_jobs.begin(visitor(), query, job, part)


def forget(kind: str, job: Job | None = None) -> None:
    """Delete the record of the visitor's last jobs of that kind, if it was `job` (None: whichever it was)."""
    services().started_jobs.forget(visitor(), kind, job)


def find(kind: str) -> InterruptedJobs | None:
    """The visitor's last jobs of that kind, if they were started before the server restarted."""
    return services().started_jobs.interrupted(visitor(), kind)


def show(run: InterruptedJobs, what: str, repeat: Callable[[], None]) -> None:
    """Say what happened to the jobs, which `what` names; `repeat` is the callback that runs them again."""

    def dismiss() -> None:
        forget(kind)

    kind, when = run.kind, ago(run.at)
    outcome = (
        f"Your {what}, started {when}, had finished, but results are lost when the server restarts."
        if run.finished
        else f"Your {what}, started {when}, had not finished when the server restarted."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(f"{outcome} Its settings are kept.", icon=":material/restart_alt:")
        st.button("Run again", on_click=repeat, key=f"interrupted.{kind}.repeat")
        st.button("Dismiss", type="tertiary", on_click=dismiss, key=f"interrupted.{kind}.dismiss")
