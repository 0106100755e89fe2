"""The host's stepper: the parts of a question, with the current one marked."""

from __future__ import annotations

import streamlit as st

from backend.lessons import Lesson
from backend.rooms import Room, State

_STAGES = ("Votes", "Measured", "Verdict")


def show(room: Room) -> None:
    """Draw the parts of the current question in a line, the current one emphasized."""
    at, names = place(room.state, room.lesson)
    items = (f"<li{' aria-current=step' if i == at else ''}><span>{name}</span></li>" for i, name in enumerate(names))
    with st.container(key="room.host.stepper"):
        st.html(f'<ol aria-label="The parts of this question">{"".join(items)}</ol>')


def place(state: State, lesson: Lesson) -> tuple[int, list[str]]:
    """The position of the current part, and the names of all parts of the current question.

    A question with two rounds that the host reveals after the first one has no second round.
    """
    step = lesson.steps[state.step]
    names = ["Answers", "Frozen"]
    if step.block.ask.rounds == 2 and not (state.revealed and state.round == 1):
        names += ["Explanation" if state.phase == "explain" else "Discussion", "Second answers", "Frozen"]
    votes = len(names)
    names += _STAGES
    if step.why:
        names.append("Why")
    again = 3 if state.round == 2 else 0
    places = {"ask": again, "frozen": again + 1, "discuss": 2, "explain": 2, "reveal": votes + state.stage - 1}
    return places.get(state.phase, len(names) - 1), names
