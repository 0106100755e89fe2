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
    if lesson is None:
        known = ", ".join(each.id for each in choice.shelf().lessons)
        st.info(
            "The address names no lesson of this server, so there is nothing to show. It takes “lesson”, which is one "
            f"of {for_markdown(known, 400)}, and “step”, the step's id.",
            icon=":material/link_off:",
        )
        return
    if choice.at_end():
        st.info(
            "The address names the end of the lesson, which a frame does not show. It takes “step”, the step's id.",
            icon=":material/link_off:",
        )
        return
    step.show(lesson, choice.step(lesson), alone=True)


def _title() -> str:
    lesson = choice.lesson()
    return lesson.title if lesson else ""


def _refusal() -> str:
    shown = choice.lesson() is not None and not choice.at_end()
    return "" if shown else "A frame shows one step of a lesson. Open a step first."


VIEW = View(draw=_draw, title=_title, height=1040, refusal=_refusal)
