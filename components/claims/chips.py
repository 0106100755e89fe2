"""The row of chips: the number and state of each claim, with a link to its card. It stays in sight."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Literal

import streamlit as st

from backend.claims import CLAIMS
from backend.claims.base import UNSURE, Kind

State = Kind | Literal["untested", "running"]

#: The word beside the number: a word, because ✓ and ✗ say whether a prediction was right. A screen reader reads the
#: state's name.
SIGNS: dict[State, str] = {
    "untested": "·",
    "running": "…",
    "true": "true",
    "false": "false",
    "undecided": UNSURE,
    "not applicable": "–",
}


def show(states: Mapping[str, State]) -> None:
    """Draw a chip for each claim, by key."""
    chips = "".join(
        f'<a class="claim-chip" data-state="{state}" href="#{key}" '
        f'aria-label="Claim {CLAIMS[key].number}, {state}: {escape(CLAIMS[key].title)}" '
        f'title="{escape(CLAIMS[key].title)}: {state}"><b>{CLAIMS[key].number}</b><span>{SIGNS[state]}</span></a>'
        for key, state in states.items()
    )
    with st.container(key="claims.chips"):
        st.markdown(f'<nav class="claim-chips" aria-label="Claims">{chips}</nav>', unsafe_allow_html=True)
