"""The answer and the diagram, for a frame of another site."""

from __future__ import annotations

import streamlit as st

from backend.questions.compare.answer import answer as answer_to
from components import diagram
from components.compare import answer
from components.layout import page
from components.layout.embedded import View
from components.session import page_options, state


def _draw() -> None:
    experiment = state.experiment()
    st.title(answer.TITLE)
    page.workers()
    st.markdown(answer.endings_sentence(experiment))
    answer.show(answer_to(experiment))
    diagram.show(experiment, key=answer.DIAGRAM, play=page_options.chosen("play") == "1")


VIEW = View(draw=_draw, title=answer.TITLE, height=1040)
