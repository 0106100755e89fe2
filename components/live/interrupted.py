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


def show(run: InterruptedJobs, repeat: Callable[[], None]) -> None:
    """Say what happened to the jobs; `repeat` is the callback that runs them again."""
    outcome = (
        "had finished, but results are lost when the server restarts"
        if run.finished
        else "had not finished when the server restarted"
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        words = f"What you started here {ago(run.at)} {outcome}. Its settings are kept."
        st.warning(words, icon=":material/restart_alt:")
        st.button("Run again", on_click=repeat, key=f"interrupted.{run.kind}.repeat")
        key = f"interrupted.{run.kind}.dismiss"
        st.button("Dismiss", type="tertiary", on_click=forget, args=(run.kind,), key=key)
