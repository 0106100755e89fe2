"""The question of a step, as participants and the board see it."""

from __future__ import annotations

import re

import streamlit as st

from backend.lessons import Step
from backend.lessons.vocabulary import PANELS as NAMES
from backend.mistakes import MISTAKES
from components import code_panel
from components.learn.panels import PANELS
from components.text import for_markdown

LETTERS = "ABCDEF"
_LINK = re.compile(r"\[([^\[\]]+)\]\([^()\s]+\)")


def show(step: Step, position: int, count: int, *, parts: bool = True) -> None:
    """Draw title and text, and with `parts` what may be seen before the answer."""
    st.caption(f"Question {position + 1} of {count}")
    st.header(for_markdown(step.title), anchor=False)
    st.markdown(step.text)
    if step.block.page == "mistake":
        mistake = MISTAKES[step.block.show[0]]
        code_panel.show("The script", mistake.broken, set(), key=f"room.mistake.{mistake.key}")
        st.markdown(f"**{mistake.question}**")
    elif parts:
        for name in step.block.show:
            if not NAMES[step.block.page][name].sealed:
                PANELS[step.block.page, name](step.experiment)


def lettered_options(step: Step) -> list[str]:
    """The options with their letters."""
    return [f"**{letter}**  {option.text}" for letter, option in zip(LETTERS, step.options, strict=False)]


def options(step: Step, *, right: bool = False) -> None:
    """Draw the options as text, for the board; with `right` the right one is marked."""
    with st.container(key="room.options"):
        for i, text in enumerate(lettered_options(step)):
            st.markdown(f":green[**✓** {without_links(text)}]" if right and i == step.right else without_links(text))


def without_links(text: str) -> str:
    """Markdown without links: nothing on the board can be pressed."""
    return _LINK.sub(r"\1", text)
