"""All lessons of the server, and the faults of those that cannot be read."""

from __future__ import annotations

import streamlit as st

from backend.lessons import Lesson
from backend.services import services
from components.learn import choice
from components.session.visitor import visitor
from components.sidebar import help as helps
from components.text import for_markdown

_MOST = 10


def show() -> None:
    """Draw a card for each lesson."""
    found = choice.shelf()
    st.markdown(
        "Each lesson asks a few questions about Keras. Say first what you expect. Then Keras runs the experiment, and "
        "you see whether you were right, and why."
    )
    for lesson in found.lessons:
        _card(lesson)
    if found.errors:
        lines = [for_markdown(error.sentence, 400) for error in found.errors[:_MOST]]
        more = len(found.errors) - _MOST
        lines += [f"… and {more} more."] if more > 0 else []
        st.warning("\n- ".join(["Some lessons cannot be read:", *lines]), icon=":material/menu_book:")


def _card(lesson: Lesson) -> None:
    progress, me = services().progress, visitor()
    done, steps = progress.done(lesson, me), len(lesson.steps)
    with st.container(border=True, key=f"learn.card.{lesson.id}", gap="xsmall"):
        st.header(for_markdown(lesson.title), anchor=False)
        facts = [f"{steps} questions", f"about {lesson.minutes} minutes in a room"]
        if done:
            facts.append(f"**{done} of {steps} answered, {progress.right(lesson, me)} right**")
        st.markdown(" · ".join(facts))
        st.button(
            "Start" if not done else "Continue" if done < steps else "Look again",
            type="secondary" if done == steps else "primary", key=f"learn.open.{lesson.id}", width="stretch",
            on_click=choice.go, args=(lesson,), help=helps.text("learn.open"),
        )  # fmt: skip
