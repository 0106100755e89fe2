"""The votes of a question, before and after the discussion: of the same people if enough answered twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from backend.lessons import Step
from backend.rooms import RoomView
from backend.rooms.model import FEWEST, Answer
from backend.rooms.tally import paired_answers
from components import browser
from components.rooms import pictures
from components.rooms.pictures import Size


def show(view: RoomView, step: Step, position: int, size: Size, *, right: bool) -> bool:
    """Draw the votes of each round; False if they may not be shown."""
    words, rounds = _rounds_to_compare(view.rounds(position))
    drawn = pictures.votes(step, rounds, size, right=right)
    if drawn is not None:
        if words:
            st.markdown(words)
        browser.mount("room_votes", drawn, key=f"room.votes.{position}")
    return drawn is not None


def _rounds_to_compare(rounds: Sequence[Mapping[int, Answer]]) -> tuple[str, Sequence[Mapping[int, Answer]]]:
    """What the bars show, in words, and the rounds to draw: one alone if too few people answered twice."""
    if len(rounds) < 2:
        return "", rounds
    both = paired_answers(rounds)
    count = len(both[0])
    once = len({*rounds[0], *rounds[1]}) - count
    if count >= FEWEST:
        words = f"Before the discussion, and after it: the answers of the **{count} people** who answered twice."
        return f"{words} {once} answered once." if once else words, both
    larger = max((0, 1), key=lambda i: len(rounds[i]))
    when = ("before", "after")[larger]
    return f"Fewer than {FEWEST} people answered twice. These are all answers {when} the discussion.", [rounds[larger]]


def too_few(rounds: Sequence[Mapping[int, Answer]]) -> str:
    """Why no votes are shown."""
    if not rounds:
        return "Nobody has answered."
    who = f"Fewer than {FEWEST} people" if len(rounds) == 1 else f"In both rounds, fewer than {FEWEST} people"
    return f"{who} have answered, so the page does not show how many chose what."
