"""One claim by itself, for a frame of another site: predicted first, then its verdict."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from backend.questions.claims import CLAIMS
from components.claims import board
from components.layout import page
from components.layout.embedded import View
from components.session import page_options, state
from components.session.page_options import one_of

_CLAIM, _CHOSEN = "claim", "share.claim"


def menu(keys: Iterable[str]) -> str:
    """Draw a menu of the claims with these keys. Returns the key of the chosen claim."""
    return st.selectbox(
        "Claim", list(keys), format_func=lambda key: f"{CLAIMS[key].number}. {CLAIMS[key].title}", key=_CHOSEN,
        help="The page has many claims. Choose one.",
    )  # fmt: skip


def _draw() -> None:
    st.title("Predict, then see it measured")
    page.workers()
    board.show_note(state.experiment())
    board.show_one(CLAIMS[page_options.chosen(_CLAIM)], state.experiment())


VIEW = View(
    draw=_draw,
    title=lambda: f"claim {CLAIMS[st.session_state[_CHOSEN]].number}, {CLAIMS[st.session_state[_CHOSEN]].title}",
    height=480,
    options={_CLAIM: one_of(*CLAIMS)},
    choose=lambda: {_CLAIM: menu(CLAIMS)},
    anchor=lambda: page_options.chosen(_CLAIM),
)
