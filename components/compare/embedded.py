"""The answer and the diagram, for a frame of another site."""

from __future__ import annotations

import streamlit as st

from components import diagram
from components.compare import answer
from components.layout import page
from components.layout.embedded import View
from components.session import page_options, state

_TITLE = "Is it the same network?"


def _draw() -> None:
    experiment = state.experiment()
    st.title(_TITLE)
    page.workers()
    st.markdown(f"{answer.endings_sentence(experiment)}.")
    answer.show(experiment, apart=True)
    diagram.show(experiment, key=answer.DIAGRAM, play=page_options.chosen("play") == "1")


VIEW = View(draw=_draw, title=_TITLE, height=1040)
