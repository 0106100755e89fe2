"""Draws the pages of a room's host and board again and again, and waits for a room that cannot be read."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from backend.rooms import RoomRefused, RoomUnavailable, RoomView, Slowed
from backend.services import services
from components import help as helps
from components.live.render_lock import render_lock
from components.rooms import settings
from components.session import state
from components.streamlit_internals.script_run import requested_fragments

#: Seconds after which a page tries again to read a room from a database that failed.
_RETRY = 3.0


def poll(id: str, draw: Callable[[RoomView], object], seconds: float) -> None:
    """Draw the room as a fragment every `seconds`: for the host and the board, which count answers."""

    def fragment() -> None:
        with render_lock():
            view = read_room(id)
            if view is not None:
                draw(view)

    st.fragment(fragment, run_every=seconds)()


def read_room(id: str, retry: bool = False) -> RoomView | None:
    """The room; None if it cannot be read, after drawing why.

    With `retry`, which is for code outside fragments, the page is drawn again by itself until the room can be read.
    """
    try:
        view = services().rooms.view(id)
    except RoomUnavailable as reason:
        if retry:
            try_again(reason)
        else:
            _warn(reason)
        return None
    except RoomRefused as reason:
        _warn(reason)
        return None
    if view is None:
        _say_room_is_gone()
    return view


def try_again(reason: RoomRefused, seconds: float = _RETRY) -> None:
    """Say why the page has to wait, and draw all of it again after some seconds. No thread waits meanwhile."""

    @st.fragment(run_every=seconds)
    def fragment() -> None:
        if requested_fragments():
            state.redraw()
        _warn(reason)

    fragment()


def show_exit() -> None:
    """Draw the button that leads from a room to the page of all rooms."""
    if st.button("All rooms", icon=":material/arrow_back:", key="room.exit", help=helps.text("room.exit")):
        settings.leave_room()
        state.redraw()


def _warn(reason: RoomRefused) -> None:
    slowed = isinstance(reason, Slowed)
    st.warning(str(reason), icon=":material/hourglass_top:" if slowed else ":material/cloud_off:")


def _say_room_is_gone() -> None:
    st.info("This room does not exist any more.", icon=":material/meeting_room:")
    show_exit()
