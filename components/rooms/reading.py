"""Reads a room for its host's page."""

from __future__ import annotations

import streamlit as st

from backend.rooms import RoomRefused, RoomView
from backend.services import services
from components import help as helps
from components.session import page_options, state


def read_room(id: str) -> RoomView | None:
    """The room; None if it cannot be read, after drawing why. The page around it is drawn again each second."""
    try:
        view = services().rooms.view(id)
    except RoomRefused as reason:
        st.warning(str(reason), icon=":material/cloud_off:")
        return None
    if view is None:
        st.info("This room does not exist any more.", icon=":material/meeting_room:")
        show_exit()
    return view


def show_exit() -> None:
    """Draw the button that leads from a room to the page of all rooms."""
    if st.button("All rooms", icon=":material/arrow_back:", key="room.exit", help=helps.text("room.exit")):
        page_options.choose("host", "")
        state.redraw()
