"""What the page Runs shows besides the list: the run that its link opens, and which losses are overlaid."""

from __future__ import annotations

import streamlit as st

from backend.services import services
from backend.words import counted, days
from components.session import page_options
from components.session.page_options import Options

_RUN = "run"
#: What the page's link contains.
CHOICES: Options = {
    _RUN: page_options.matching(r"[A-Za-z0-9_-]{16,40}", "the id of a run, as in a link from Share"),
}


def opened_id() -> str:
    """The id of the run that the link opens; empty for none."""
    return page_options.chosen(_RUN)


def open_run(id: str) -> None:
    """Show this run, from a callback; an empty id shows none."""
    page_options.choose(_RUN, id)


def show_sidebar() -> None:
    """Draw which losses are overlaid, and how long runs are kept."""
    st.radio("Losses", ["validation", "training"], key="runs.split")
    st.radio("Scale", ["log", "linear"], key="runs.scale")
    config = services().config
    most = f"{counted(config.runs_per_visitor, 'run')} and {config.runs_per_visitor_mb:,} MB"
    st.caption(
        f"Runs are kept for up to {days(config.runs_days)}, and pinned ones longer while there is room. You can keep "
        f"at most {most}. They belong to this browser: another one does not list them."
    )


def split() -> str:
    """Which losses are overlaid: training or validation."""
    return str(st.session_state.get("runs.split", "validation"))


def log_scale() -> bool:
    """Whether the losses have a logarithmic scale."""
    return bool(st.session_state.get("runs.scale", "log") == "log")
