"""The answer and the loss curves of a run, for a frame of another site."""

from __future__ import annotations

import streamlit as st

from components.layout import page
from components.layout.embedded import View
from components.session import state
from components.train import panel

_TITLE = "Which one trains better?"


def _draw() -> None:
    st.title(_TITLE)
    page.workers()
    panel.show(state.experiment())


VIEW = View(draw=_draw, title=_TITLE, height=720)
