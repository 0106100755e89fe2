"""Reads a room for its host's page, and waits for a room that cannot be read."""

from __future__ import annotations

import streamlit as st

from backend.rooms import RoomRefused, RoomUnavailable, RoomView, Slowed
from backend.services import services
from components import help as helps
from components.rooms import settings
from components.session import state
from components.streamlit_internals.script_run import requested_fragments

#: Seconds after which a page tries again to read a room from a database that failed.
_RETRY = 3.0


def read_room(id: str, retry: bool = False) -> RoomView | None:
    """The room; None if it cannot be read, after drawing why.

    With `retry`, which is for code outside fragments, the page is drawn again by itself until the room can be read.
    """
    try:
        view = services().rooms.view(id)
    except RoomRefused as reason:
        if retry and isinstance(reason, RoomUnavailable):
            try_again(reason)
        else:
            _warn(reason)
        return None
    if view is None:
        st.info("This room does not exist any more.", icon=":material/meeting_room:")
        show_exit()
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
