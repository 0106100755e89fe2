"""A question as the host and the board show it: its text and its options."""

from __future__ import annotations

import re

import streamlit as st

from backend.lessons import Step
from backend.lessons.answers import LETTERS
from backend.lessons.scripts import bundled
from components.text import for_markdown

#: What a block of code begins with.
FENCE = "```"
_LINK = re.compile(r"\[([^\[\]]+)\]\([^()\s]+\)")


def show(step: Step, position: int, count: int) -> None:
    """Draw number, title and text, as the host sees them."""
    st.caption(f"Question {position + 1} of {count}")
    st.header(for_markdown(step.title), anchor=False)
    st.markdown(step.text)
    if (mistake := bundled(step)) is not None:
        st.markdown(f"**{mistake.question}**")


#: What stands in place of options, and above those of which several may be chosen.
NUMBER, SEVERAL = "Answer with a number.", "Several options may be right."


def lettered_options(step: Step, *, revealed: bool = False) -> list[str]:
    """The options with their letters. For a number: `NUMBER`, or the options without letters if `revealed`."""
    if step.kind == "number" and not revealed:
        return [NUMBER]
    if step.kind == "number":
        return [option.text for option in step.options]
    return [f"**{letter}**  {option.text}" for letter, option in zip(LETTERS, step.options, strict=False)]


def options(step: Step, *, right: bool = False) -> None:
    """Draw the options as text, for the board; with `right` the right ones are marked."""
    with st.container(key="room.options"):
        if step.kind == "several":
            st.markdown(SEVERAL)
        for i, text in enumerate(lettered_options(step, revealed=right)):
            marked = right and i in step.right_options
            st.markdown(f":green[{without_links(text)} **✓**]" if marked else without_links(text))


def markdown(words: str) -> None:
    """Draw Markdown for the board; a block of code is wrapped, since nobody can scroll a wall."""
    if words.startswith(FENCE):
        st.code(words.partition("\n")[2].rpartition("\n")[0], language=None, wrap_lines=True)
    else:
        st.markdown(without_links(words))


def without_links(text: str) -> str:
    """Markdown without links: nothing on the board can be pressed."""
    return _LINK.sub(r"\1", text)
