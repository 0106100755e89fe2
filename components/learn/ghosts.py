"""What people in past rooms predicted, for somebody who learns alone. It is shown after their own prediction."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from backend.lessons import Step
from backend.lessons.answers import LETTERS
from backend.rooms.markdown import plain_of
from backend.services import services
from components import browser


def show(step: Step, predicted: int, order: Sequence[int]) -> None:
    """Draw the first votes of past rooms on this question, if hosts have left any. The options stand in that order."""
    votes = services().rooms.ghosts.votes(step)
    if votes is None:
        return
    count, same, chosen = votes.people, votes.by_answer.get(predicted, 0), votes.by_option
    others = "Nobody" if not same else "All" if same == count else f"{same} of them"
    what = {
        "one": "chose what you chose",
        "several": "chose just what you chose",
        "number": "typed a number in your group",
    }
    st.markdown(f"**{count} people in past rooms** answered this question. {others} {what[step.kind]}.")
    options = [
        {
            "letter": "" if step.kind == "number" else LETTERS[place], "text": plain_of(step.options[i].text),
            "right": i in step.right_options, "rounds": [chosen[i]],
        }
        for place, i in enumerate(order)
    ]  # fmt: skip
    browser.mount("room_votes", {"options": options, "totals": [count], "size": "1rem"}, key="learn.ghosts")
