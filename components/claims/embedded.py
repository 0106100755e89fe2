"""One claim by itself, for a frame of another site: predicted first, then its verdict."""

from __future__ import annotations

import streamlit as st

from backend.questions.claims import CLAIMS
from components.claims import board
from components.layout import page
from components.layout.embedded import View
from components.session import page_options, state
from components.session.page_options import one_of

_CLAIM, _CHOSEN = "claim", "share.claim"


def _choose() -> dict[str, str]:
    claim = st.selectbox(
        "Claim", list(CLAIMS), format_func=lambda key: f"{CLAIMS[key].number}. {CLAIMS[key].title}", key=_CHOSEN,
        help="The page has many claims. Choose one.",
    )  # fmt: skip
    return {_CLAIM: claim}


def _draw() -> None:
    st.title("Predict, then see it measured")
    page.workers()
    board.show_note(state.experiment())
    board.show_one(CLAIMS[page_options.chosen(_CLAIM)], state.experiment())


VIEW = View(_draw, "one claim", 480, {_CLAIM: one_of(*CLAIMS)}, _choose)
