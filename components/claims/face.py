"""The chip and the face of a claim's card. Both open it.

The face has its picture, number and question, and its state once it is tested.

Which card is open is in the address (`#parameters`) and known to the browser alone (`components/browser/claims.js`).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

from backend.questions.base import mark
from backend.questions.claims.base import NO, UNSURE, YES
from components.claims.card import Card, State

_PICTURES = Path(__file__).parent / "pictures"
#: What a face says of its state if it shows no answer.
_STATES: dict[State, str] = {"running": "measuring …"}
#: The sign beside the number on a chip, if there is no answer of yes or no. ✓ and ✗ say whether a prediction was right.
_SIGNS: dict[State, str] = {"untested": "·", "running": "…", "undecided": UNSURE, "not applicable": "–"}
_MARKS = {"right": f"{YES} right", "wrong": f"{NO} not right", "not marked": "not marked"}


def show_chips(cards: Iterable[Card]) -> None:
    """Draw a chip for each claim in a row that stays in sight. A screen reader reads its answer, if that is shown."""
    chips = "".join(
        f'<a class="claim-chip" data-state="{card.state}" href="#{card.claim.key}" '
        f'aria-label="Claim {card.claim.number}, {escape(card.answer or card.state)}: {escape(card.claim.title)}" '
        f'title="{escape(card.claim.title)} {escape((card.answer or card.state).capitalize())}">'
        f"<b>{card.claim.number}</b><span>{_SIGNS.get(card.state) or card.answer.partition(',')[0]}</span></a>"
        for card in cards
    )
    with st.container(key="claims.chips"):
        st.markdown(f'<nav class="claim-chips" aria-label="Claims">{chips}</nav>', unsafe_allow_html=True)


def show(card: Card) -> None:
    """Draw the face. ✓ and ✗ are for the prediction: the answer may be no and the prediction right."""
    claim = card.claim
    st.markdown(
        f'<div><a class="claim-face" data-state="{card.state}" href="#{claim.key}" aria-expanded="false">'
        f"{picture(claim.key)}"
        f'<span class="claim-brief"><b>{claim.number}</b> {escape(claim.title)}</span> '
        f'<span class="claim-result">{_result(card)}</span></a></div>',
        unsafe_allow_html=True,
    )


@cache
def picture(key: str) -> str:
    """The drawing of a claim, as SVG in one line. It asks the question beside it, and does not tell the answer."""
    text = (_PICTURES / f"{key}.svg").read_text(encoding="utf-8")
    return "".join(line.strip() for line in text.splitlines()).replace("<svg ", '<svg aria-hidden="true" ', 1)


def _result(card: Card) -> str:
    state = f"<i>{escape(text)}</i>" if (text := card.answer or _STATES.get(card.state, "")) else ""
    if card.verdict is None or card.prediction is None:
        return state
    outcome = mark(card.verdict, card.prediction)
    return f'{state} <b data-mark="{outcome}">{_MARKS[outcome]}</b>'
