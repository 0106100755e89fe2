"""All lessons of the server, and the faults of those that cannot be read."""

from __future__ import annotations

import streamlit as st

from backend.lessons import Lesson
from backend.lessons.notebook import notebook
from backend.services import services
from backend.words import counted
from components import help as helps
from components.learn import choice, measured
from components.session.visitor import visitor
from components.text import for_markdown

#: The most faults that are named.
_MOST = 10


def show() -> None:
    """Draw a card for each lesson."""
    shelf = choice.shelf()
    st.markdown(
        "Each lesson asks a few questions about Keras. Say first what you expect. Then you see what was "
        "measured, whether you were right, and why."
    )
    if shelf.errors:
        faults = [for_markdown(error.sentence, 400) for error in shelf.errors[:_MOST]]
        more = len(shelf.errors) - len(faults)
        lines = ["Some lessons cannot be read:", *faults, *([f"{more} more."] if more else [])]
        st.warning("\n- ".join(lines), icon=":material/menu_book:")
    for number, lesson in enumerate(shelf.lessons, 1):
        _card(number, lesson)


def _card(number: int, lesson: Lesson) -> None:
    done, steps = services().progress.count_answered(lesson, visitor()), len(lesson.steps)
    class_time = f"about {counted(lesson.minutes, 'minute')} with a class, {lesson.minutes_alone} alone"
    facts = [counted(steps, "question"), class_time]
    if done:
        facts.append(f"**{done} of {steps} answered, {measured.count_right(lesson)} right so far**")
    with st.container(border=True, key=f"learn.card.{lesson.id}", gap="xsmall"):
        st.header(f"{number}\\. {for_markdown(lesson.title)}", anchor=False)
        st.markdown(for_markdown(lesson.summary or f"It begins with: {lesson.steps[0].title}"))
        if done:
            st.progress(done / steps)
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(" · ".join(facts), width="content")
            st.download_button(
                "Notebook", lambda: notebook(lesson), file_name=f"two-heads-{lesson.id}.ipynb", type="tertiary",
                mime="application/x-ipynb+json", icon=":material/download:", on_click="ignore",
                key=f"learn.notebook.{lesson.id}", help=helps.text("learn.notebook"),
            )  # fmt: skip
            helps.button(
                "learn.open", f"{choice.what_to_do(lesson)} lesson {number}", choice.go_to, lesson, at=lesson.id,
                type="primary" if 0 < done < steps else "secondary",
            )  # fmt: skip
