"""The run that the link of the page Runs opens, and how long runs are kept."""

from __future__ import annotations

import streamlit as st

from backend.services import services
from backend.words import counted, days
from components.session import page_options
from components.session.page_options import Options

_RUN = "run"
#: Session key: whether a run was opened on another page.
_TO_PAGE = "runs.to_page"
#: What the page's link contains.
CHOICES: Options = {
    _RUN: page_options.matching(r"[A-Za-z0-9_-]{16,40}", "the id of a run, as in a link from Share"),
}


def opened_id() -> str:
    """The id of the run that the link opens; empty for none."""
    return page_options.chosen(_RUN)


def open_run(id: str) -> None:
    """Show this run on its page, from a callback; an empty id shows none."""
    page_options.choose(_RUN, id)
    st.session_state[_TO_PAGE] = bool(id)


def follow() -> None:
    """Lead to the page of the run that was opened on another page, if one was."""
    if st.session_state.pop(_TO_PAGE, False):
        st.switch_page("runs.py")


def kept_sentence() -> str:
    """How long runs are kept, and how many."""
    config = services().config
    most = f"{counted(config.runs_per_visitor, 'run')} and {config.runs_per_visitor_mb:,} MB"
    return (
        f"Runs are kept for up to {days(config.runs_days)}, and pinned ones longer while there is room. You can keep "
        f"at most {most}. They belong to this browser: another one does not list them."
    )
