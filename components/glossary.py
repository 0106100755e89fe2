"""The glossary: a button on every page, and a dialog with the words that the pages use."""

from __future__ import annotations

from functools import partial

import streamlit as st

from backend.glossary import Term, search
from components.live.render_lock import render_lock
from components.session import state

_OPEN = "glossary.open"


def show() -> None:
    """Draw the button. The words are sent when the visitor presses it, and stay if the page is drawn again."""
    st.button(
        "Glossary",
        key="glossary",
        icon=":material/menu_book:",
        type="tertiary",
        on_click=_open,
        args=(True,),
        help="The words on these pages: trunk, head, fused, epoch …",
    )
    if st.session_state.get(_OPEN):
        _dialog()


def _open(now: bool) -> None:
    """Callback: open the glossary, or note that the visitor has closed it."""
    state.touch()
    st.session_state[_OPEN] = now


@st.dialog("Glossary", width="medium", icon=":material/menu_book:", on_dismiss=partial(_open, False))
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
