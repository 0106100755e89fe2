"""The glossary: a button on every page, and a dialog with the words that the pages use."""

from __future__ import annotations

from functools import partial

import streamlit as st

from backend.guide.glossary import Term, search
from components.live.render_lock import render_lock

_OPEN = "glossary.open"


def show(here: str) -> None:
    """Draw the button. The words are sent when the visitor presses it, and stay if the page is drawn again.

    `here` is the path of the current page.
    """
    pressed = st.button(
        "Glossary",
        key="glossary",
        icon=":material/menu_book:",
        type="tertiary",
        on_click=_open,
        args=(here,),
        help="The words on these pages: trunk, head, fused, epoch …",
    )
    if pressed:  # also in the first run of a session, in which Streamlit calls no callback
        st.session_state[_OPEN] = here
    if st.session_state.get(_OPEN) == here:
        _dialog()
    else:
        st.session_state.pop(_OPEN, None)  # it was open on another page


def _open(here: str | None) -> None:
    """Callback: store the path of the page on which the glossary is open, or None once the visitor has closed it."""
    st.session_state[_OPEN] = here


@st.dialog("Glossary", width="medium", icon=":material/menu_book:", on_dismiss=partial(_open, None))
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
