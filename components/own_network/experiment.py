"""The visitor's own model as the experiment of all pages, if the sidebar can express it."""

from __future__ import annotations

import streamlit as st

from backend.experiment.url.repair import repair
from backend.own_network.examination import Examination
from backend.own_network.settings import AsSettings
from components.own_network import help as helps
from components.session import state
from components.text import for_markdown


def show(examined: Examination) -> None:
    """Draw the button that makes the model the experiment. If it is already, link to Compare and Train instead.

    If the sidebar cannot express the model, say why.
    """
    settings = examined.settings
    if settings is None:
        st.caption(for_markdown(f"The sidebar of the other pages cannot express it. {examined.why_no_settings}", 600))
    elif state.experiment().architecture.unlabelled() == settings.architecture.unlabelled():
        st.markdown(
            ":material/check: This network is the experiment of all pages, on the app’s own sequences and tasks."
        )
        with st.container(horizontal=True):
            st.page_link("compare.py", label="Compare both styles", icon=":material/compare:")
            st.page_link("train.py", label="Train them", icon=":material/model_training:")
    else:
        st.button(
            "Use as the experiment", icon=":material/tune:", key="own.use", on_click=_use, args=(settings,),
            help=helps.text("own.use"),
        )  # fmt: skip


def _use(settings: AsSettings) -> None:
    changes = {"architecture": settings.architecture, "left": settings.left, "right": "functional"}
    state.replace(*repair(state.experiment().model_copy(update=changes).model_dump()))
