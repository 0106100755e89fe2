"""One step of a lesson by itself, for a frame of another site."""

from __future__ import annotations

import streamlit as st

from components.layout import page
from components.layout.embedded import View
from components.learn import choice, step
from components.text import for_markdown


def _draw() -> None:
    lesson = choice.lesson()
    st.title(for_markdown(lesson.title) if lesson else "One step of a lesson")
    page.workers()
    if lesson is None or choice.at_end():
        known = ", ".join(each.id for each in choice.shelf().lessons)
        st.info(
            "The address names no step of a lesson of this server. It takes “lesson”, which is one of "
            f"{for_markdown(known, 400)}, and “step”, the step's id.",
            icon=":material/link_off:",
        )
    else:
        step.show(lesson, choice.step(lesson), alone=True)


VIEW = View(_draw, "one step of a lesson", 1040)
