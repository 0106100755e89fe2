"""For a participant who looks at another page: the way back to their room, which the host can open for all."""

from __future__ import annotations

import streamlit as st

from backend.rooms import Refused, RoomView
from backend.services import services
from components.rooms import settings
from components.rooms.follow import follow
from components.session.visitor import visitor

_JOINED, _GATHERED = "room.joined", "room.gathered"


def joined() -> dict[str, str]:
    """The rooms that this session has joined: the id of each by its code."""
    known: dict[str, str] = st.session_state.setdefault(_JOINED, {})
    return known


def here(view: RoomView) -> None:
    """The participant is in the room: what the host has gathered so far brings nobody back later."""
    st.session_state[_GATHERED] = view.room.state.gathered


def _exists(id: str) -> bool:
    try:
        return services().rooms.view(id) is not None
    except Refused:
        return False


def show() -> None:
    """Draw the way back, if the visitor is in a room; and go back when the host brings everyone there."""
    code = settings.code()
    if code not in joined() or not _exists(joined()[code]):
        return

    def draw(view: RoomView) -> bool:
        if view.room.state.closed or services().rooms.people.find(view, visitor()) is None:
            return False
        if view.room.state.gathered > st.session_state.get(_GATHERED, view.room.state.gathered):
            st.switch_page("room.py")
        st.page_link("room.py", label=f"Back to room {view.room.code}", icon=":material/meeting_room:")
        return False

    with st.container(key="room.back"):
        follow(joined()[code], draw)
