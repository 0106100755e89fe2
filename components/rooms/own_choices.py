"""What a participant may choose for themselves: a name, more time, and another device."""

from __future__ import annotations

from functools import partial

import streamlit as st

from backend.rooms import Participant, Refused, RoomView
from backend.rooms.model import PACES, Pace
from backend.services import services
from components import browser
from components.rooms import help as helps
from components.rooms import links
from components.session import controls, state

#: The session key of the reason for a refusal, which the page shows when it is drawn next.
REFUSAL = "room.said"
_PACES: dict[Pace, str] = {"standard": "same as the room", "10": "ten times as long", "none": "no clock"}


def show_in_lobby(view: RoomView, who: Participant) -> None:
    """Draw what the room does with the participant's seed, and what they may choose."""
    if has_seeds(view):
        st.markdown("While you think, Keras trains the network once for each of you. Your seed makes your run unique.")
    _choices(view, who)
    with st.expander("Continue on another device", on_change=state.touch, key="room.device") as opened:
        if opened.open:
            _device(view, who)


def show_later(view: RoomView, who: Participant) -> None:
    """Draw the choices for those who come late, or who need more time than they thought."""
    with st.expander("More time, or another device", on_change=state.touch, key="room.mine") as opened:
        if opened.open:
            _choices(view, who)
            _device(view, who)


def _choices(view: RoomView, who: Participant) -> None:
    """Draw the fields for a name, if names are allowed, and for more time."""
    if view.room.state.names:
        st.text_input(
            "Your name", max_chars=24, help=helps.text("room.name"),
            **controls.widget_state("room.name", who.alias, partial(_rename, view.room.id, who)),
        )  # fmt: skip
    st.segmented_control(
        "Time to think", PACES, format_func=_PACES.__getitem__, help=helps.text("room.pace"),
        **controls.button_group_state("room.pace", who.pace, partial(_set_pace, view.room.id, who)),
    )  # fmt: skip


def _device(view: RoomView, who: Participant) -> None:
    """Draw the link with which the participant continues on another device."""
    token = services().rooms.people.token(view.room, who)
    browser.mount("share", {"link": links.join_address(view.room, me=token), "code": None}, key="room.link")
    st.caption("Open this link on your other device. Whoever has it answers in your place.")


def has_seeds(view: RoomView) -> bool:
    """Whether the lesson trains a network for each participant."""
    return any(step.block.run == "seed" for step in view.room.lesson.steps)


def _rename(id: str, who: Participant, name: str) -> None:
    state.touch()
    try:
        services().rooms.people.set_name(id, who, name)
    except Refused as reason:
        st.session_state[REFUSAL] = str(reason)


def _set_pace(id: str, who: Participant, pace: Pace | None) -> None:
    state.touch()
    if pace is None:
        return
    try:
        services().rooms.people.set_pace(id, who, pace)
    except Refused as reason:
        st.session_state[REFUSAL] = str(reason)
