"""What people in past rooms predicted, for somebody who learns alone. It is shown after their own prediction."""

from __future__ import annotations

import streamlit as st

from backend.lessons import Step
from backend.services import services
from components import browser

_LETTERS = "ABCDEF"


def show(step: Step, predicted: int) -> None:
    """Draw the first votes of past rooms on this question, if hosts have left any."""
    votes = services().rooms.ghosts.votes(step)
    if votes is None:
        return
    count, same = sum(votes), votes[predicted]
    others = "Nobody" if not same else "All" if same == count else f"{same} of them"
    st.markdown(f"**{count} people in past rooms** answered this question. {others} chose what you chose.")
    options = [
        {"letter": _LETTERS[i], "text": option.text, "right": i == step.right, "rounds": [votes[i]]}
        for i, option in enumerate(step.options)
    ]
    browser.mount("room_votes", {"options": options, "totals": [count], "size": "1rem"}, key="learn.ghosts")
