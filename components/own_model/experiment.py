"""The visitor's own model as the experiment of all pages, if the sidebar can express it."""

from __future__ import annotations

import streamlit as st

from backend.experiment.architecture import Architecture
from backend.experiment.url import repair
from backend.own_model.found import Found
from components import help as helps
from components.session import state
from components.text import for_markdown


def show(found: Found) -> None:
    """Draw the button that makes the model the experiment. If it is already, link to Compare and Train instead.

    If the sidebar cannot express the model, say why.
    """
    settings = found.settings
    if settings is None:
        st.caption(for_markdown(f"The sidebar of the other pages cannot express it. {found.why_no_settings}", 600))
    elif state.experiment().architecture.unlabelled() == settings.unlabelled():
        st.markdown(
            ":material/check: This network is the experiment of all pages, on the app’s own sequences and tasks."
        )
        with st.container(horizontal=True):
            st.page_link("compare.py", label="Compare both styles", icon=":material/compare:")
            st.page_link("train.py", label="Train them", icon=":material/model_training:")
    else:
        st.button(
            "Use as the experiment", icon=":material/tune:", key="own.use", on_click=_use, args=(settings, found.left),
            help=helps.text("own.use"),
        )  # fmt: skip


def _use(architecture: Architecture, left: str) -> None:
    changes = {"architecture": architecture, "left": left, "right": "functional"}
    state.replace(*repair(state.experiment().model_copy(update=changes).model_dump()))
