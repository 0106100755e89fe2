"""For a participant who looks at another page: a link back to their room. The host can bring everybody back."""

from __future__ import annotations

import streamlit as st

from backend.rooms import Refused, RoomView
from backend.services import services
from components.rooms import settings
from components.rooms.follow import follow
from components.session.visitor import visitor

_JOINED, _GATHERED = "room.joined", "room.gathered"


def joined_rooms() -> dict[str, str]:
    """The rooms that this session has joined: the id of each by its code."""
    known: dict[str, str] = st.session_state.setdefault(_JOINED, {})
    return known


def mark_present(view: RoomView) -> None:
    """Note that the participant is in the room, so that an earlier call of the host does not bring them back later."""
    st.session_state[_GATHERED] = view.room.state.gathered


def _exists(id: str) -> bool:
    try:
        return services().rooms.view(id) is not None
    except Refused:
        return False


def show() -> None:
    """Draw the link back, if the visitor is in a room; and go back when the host brings everyone there."""
    code = settings.code()
    if code not in joined_rooms() or not _exists(joined_rooms()[code]):
        return

    def draw(view: RoomView) -> bool:
        if view.room.state.closed or services().rooms.people.find(view, visitor()) is None:
            return False
        if view.room.state.gathered > st.session_state.get(_GATHERED, view.room.state.gathered):
            st.switch_page("room.py")
        st.page_link("room.py", label=f"Back to room {view.room.code}", icon=":material/meeting_room:")
        return False

    with st.container(key="room.back"):
        follow(joined_rooms()[code], draw)
