"""The row of chips: the number and state of each claim, with a link to its card. It stays in sight."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Literal

import streamlit as st

from backend.questions.claims import CLAIMS
from backend.questions.claims.base import UNSURE

State = Literal["untested", "running", "answered", "undecided", "not applicable"]

#: The sign beside the number, if there is no answer of yes or no. ✓ and ✗ say whether a prediction was right.
_SIGNS: dict[State, str] = {"untested": "·", "running": "…", "undecided": UNSURE, "not applicable": "–"}


def state(answer: str) -> State:
    """The state of a claim with this answer (`backend.questions.claims.base.badge`): answered, if it is yes or no."""
    if answer == "not applicable":
        return "not applicable"
    return "answered" if _word(answer) in ("yes", "no") else "undecided"


def show(cards: Mapping[str, tuple[State, str]]) -> None:
    """Draw a chip for each claim: by key its state, and its answer if it is shown. A screen reader reads the answer."""
    chips = "".join(
        f'<a class="claim-chip" data-state="{state}" href="#{key}" '
        f'aria-label="Claim {CLAIMS[key].number}, {escape(answer or state)}: {escape(CLAIMS[key].title)}" '
        f'title="{escape(CLAIMS[key].title)} {escape((answer or state).capitalize())}">'
        f"<b>{CLAIMS[key].number}</b><span>{_SIGNS.get(state) or _word(answer)}</span></a>"
        for key, (state, answer) in cards.items()
    )
    with st.container(key="claims.chips"):
        st.markdown(f'<nav class="claim-chips" aria-label="Claims">{chips}</nav>', unsafe_allow_html=True)


def _word(answer: str) -> str:
    """The first word of an answer: "yes" or "no" if it is one of them."""
    return answer.partition(",")[0]
