"""Actions that only the host of a room may take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from backend.rooms import Action, Room, RoomRefused
from backend.services import services
from components import help as helps
from components.rooms import links


def button(room: Room, name: str, words: str, do: Callable[[], object], **options: Any) -> None:
    """Draw a button of the host, with the help of its name. `do` is called on a press."""
    helps.button(f"room.{name}", words, attempt, room.id, do, **options)


def act(room: Room, action: Action) -> Callable[[], object]:
    """What leads the room, if it is then as it was drawn."""
    return lambda: services().rooms.host.act(room.id, action, room.version)


def attempt(id: str, do: Callable[[], object]) -> None:
    """Call `do` if this browser has the host's token. If that is refused, say why for some seconds."""
    try:
        view = services().rooms.view(id)
        if view is None or not links.is_host(view.room):
            raise RoomRefused("Only the host may do this.")
        do()
    except RoomRefused as reason:
        st.toast(str(reason), icon=":material/error:")
