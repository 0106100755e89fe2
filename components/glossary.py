"""The glossary: a button on every page, and a dialog with the words that the pages use."""

from __future__ import annotations

import streamlit as st

from backend.glossary import Term, search
from components.live.render_lock import render_lock
from components.session import state


def show() -> None:
    """Draw the button. The words are sent when the visitor presses it."""
    pressed = st.button(
        "Glossary",
        key="glossary",
        icon=":material/menu_book:",
        type="tertiary",
        on_click=state.touch,
        help="The words on these pages: trunk, head, fused, epoch …",
    )
    if pressed:
        _dialog()


@st.dialog("Glossary", width="medium", icon=":material/menu_book:")
def _dialog() -> None:
    with render_lock():
        query = st.text_input("Search the glossary", key="glossary.search", placeholder="trunk, head, fused …")
        terms = search(query)
        if not terms:
            st.caption("No term has these words.")
        st.markdown("\n".join(map(_line, terms)))


def _line(term: Term) -> str:
    below = [f"`{term.keras}`" if term.keras else "", term.place]
    return f"- **{term.word}**: {term.meaning}  \n  :small[{' · '.join(filter(None, below))}]"
