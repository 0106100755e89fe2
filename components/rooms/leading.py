"""Does what only the host of a room may do."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from backend.rooms import Refused
from backend.services import services
from components.rooms import links
from components.session import state

_SAID = "room.host.said"


def attempt(id: str, do: Callable[[], object]) -> bool:
    """Do it if this browser has the host's token; False where it was refused. Then `show_refusal` says why."""
    state.touch()
    try:
        view = services().rooms.view(id)
        if view is None or not links.is_host(view.room):
            raise Refused("Only the host may do this.")
        do()
    except Refused as reason:
        st.session_state[_SAID] = str(reason)
        return False
    return True


def show_refusal() -> None:
    """Draw why the last action was refused, once."""
    if said := st.session_state.pop(_SAID, ""):
        st.warning(said, icon=":material/error:")
