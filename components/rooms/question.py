"""A question as the host sees it."""

from __future__ import annotations

import streamlit as st

from backend.lessons import Step
from backend.lessons.answers import LETTERS
from backend.lessons.scripts import bundled
from components.text import for_markdown


def show(step: Step, position: int, count: int) -> None:
    """Draw number, title, text and options. Options of a question for a number would tell which are expected."""
    st.caption(f"Question {position + 1} of {count}")
    st.header(for_markdown(step.title), anchor=False)
    st.markdown(step.text)
    if (mistake := bundled(step)) is not None:
        st.markdown(f"**{mistake.question}**")
    if step.kind == "number":
        st.markdown("Answer with a number.")
        return
    if step.kind == "several":
        st.markdown("Several options may be right.")
    for letter, option in zip(LETTERS, step.options, strict=False):
        st.markdown(f"**{letter}**  {option.text}")
