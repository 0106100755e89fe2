"""The visitor's finished trainings in a fold of Train: the list, and several over each other."""

from __future__ import annotations

import streamlit as st

from backend.services import services
from components.layout import page
from components.runs import listing, overlay, settings
from components.session.visitor import visitor

#: The key of the fold.
_FOLD = "train.runs"


def show() -> None:
    """Draw the fold. What is in it is drawn while it is open."""
    fold = st.expander("Your runs", key=_FOLD, on_change="rerun")
    if not fold.open:
        return
    with fold:
        entries = services().run_store.of_visitor(visitor())
        st.caption(f"A training that you finish is saved. {settings.kept_sentence()}")
        page.ephemeral("runs")
        listing.show(entries)
        if entries:
            overlay.show(listing.ticked_runs(entries))


def lead() -> None:
    """Open the fold on Train, in place of the current page."""
    st.session_state[_FOLD] = True
    st.switch_page("train.py")
