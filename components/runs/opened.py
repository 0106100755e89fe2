"""The run that the page's link opens, for whoever has the link."""

from __future__ import annotations

import streamlit as st

from backend.database import Unavailable
from backend.experiment import Experiment
from backend.services import services
from backend.training.result import Run
from backend.training.store import SavedRun
from components.runs import settings, words
from components.session import state
from components.session.visitor import visitor
from components.text import for_markdown
from components.train import answer, downloads, outcome, run
from components.train.run import RunView, ShownRun

_OPENED, _TO_TRAIN = "runs.opened", "runs.to_train"


def is_somebody_elses(own: list[SavedRun]) -> bool:
    """Whether the link opens a run that is not among the visitor's `own`."""
    id = settings.opened_id()
    run_or_reason = _read_run(id) if id else ""
    return not isinstance(run_or_reason, str) and run_or_reason[0].id not in {each.id for each in own}


def show(own: list[SavedRun]) -> None:
    """Draw the run that the link opens, if it names one; `own` are the visitor's runs."""
    if st.session_state.pop(_TO_TRAIN, False):
        st.switch_page("train.py")
    id = settings.opened_id()
    if not id:
        return
    run_or_reason = _read_run(id)
    if isinstance(run_or_reason, str):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(run_or_reason, icon=":material/link_off:")
            st.button("Close", type="tertiary", on_click=settings.open_run, args=("",))
        return
    entry, result = run_or_reason
    mine = next((each for each in own if each.id == entry.id), None)
    entry = mine or entry  # it may have another name now
    view = RunView(entry.experiment, run.ended_view(f"saved-{entry.id}", entry.at, result))
    st.header(for_markdown(words.name(entry)), anchor=False)
    st.caption(f"{words.result(entry)} · {result.software}")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Open in Train", icon=":material/play_arrow:", on_click=_train, args=(entry.experiment,))
        downloads.show(entry.experiment, result, words.name(entry))
        if mine is None:
            st.button("Keep in my runs", icon=":material/bookmark_add:", on_click=_keep, args=(entry.id,))
        st.button("Close", type="tertiary", on_click=settings.open_run, args=("",))
    answer.show(ShownRun(view))
    outcome.show(ShownRun(view))


def _read_run(id: str) -> tuple[SavedRun, Run] | str:
    """The run, or why it cannot be shown. The last one stays in the session, since every rerun shows it."""
    known: tuple[str, tuple[SavedRun, Run]] | None = st.session_state.get(_OPENED)
    if known is not None and known[0] == id:
        return known[1]
    try:
        saved_run = services().run_store.open(id)
    except Unavailable as why:
        return f"This run cannot be read now: {why}."
    if saved_run is None:
        return "There is no such run. It may have been deleted, or the link is incomplete."
    st.session_state[_OPENED] = id, saved_run
    return saved_run


def _train(experiment: Experiment) -> None:
    """Callback: show the run on Train, where it is replayed if this server's versions would give the same result."""
    state.replace(experiment)
    if services().run_store.find(experiment) is not None:
        run.start()
    st.session_state[_TO_TRAIN] = True


def _keep(id: str) -> None:
    services().run_store.keep(visitor(), id)
    st.toast("The run is now among your runs, at the end of the page Train.", icon=":material/bookmark_add:")
