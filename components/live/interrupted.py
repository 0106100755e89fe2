"""What a visitor started before the server was started again: told on its page, to be repeated or dismissed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.url import write_query
from backend.jobs import Job
from backend.services import services
from backend.training.store import InterruptedRun
from backend.words import ago
from components.session import state
from components.session.visitor import visitor


def begun(kind: str, experiment: Experiment, jobs: Mapping[str, Job], **choices: str) -> None:
    """Write down that the visitor has started these jobs, by part; with what else the page's link has."""
    accepted = {part: job for part, job in jobs.items() if job.state != "refused"}
    if accepted:
        query = write_query(experiment.unlabelled()) | {key: [value] for key, value in choices.items()}
        services().run_store.begin(visitor(), kind, query, accepted)


def forget(kind: str, job: Job | None = None) -> None:
    """The visitor does not miss what they started last of that kind, if it was `job` (None: whatever it was)."""
    services().run_store.forget(visitor(), kind, job)


def lost(kind: str) -> InterruptedRun | None:
    """What the visitor started last of that kind, if that was on an earlier server."""
    return services().run_store.lost(visitor(), kind)


def show(gone: InterruptedRun, what: str, repeat: Callable[[], None]) -> None:
    """Say what became of it, with `what` it was in a word or two; `repeat` is a callback."""

    def dismiss() -> None:
        state.touch()
        forget(kind)

    kind, when = gone.kind, ago(gone.at)
    told = (
        f"Your {what}, started {when}, had finished, but results are not kept when the server is started again."
        if gone.finished
        else f"Your {what}, started {when}, had not finished when the server was started again."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(f"{told} Its settings are kept.", icon=":material/restart_alt:")
        st.button("Repeat it", on_click=repeat, key=f"interrupted.{kind}.repeat")
        st.button("Dismiss", type="tertiary", on_click=dismiss, key=f"interrupted.{kind}.dismiss")
