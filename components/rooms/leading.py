"""Does what only the host of a room may do."""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

from backend.rooms import Refused
from backend.services import services
from components.rooms import links
from components.session import state

_SAID = "room.host.said"
#: Seconds for which the host can read why something was refused.
_SHOWN = 6.0


def attempt(id: str, do: Callable[[], object]) -> bool:
    """Do it if this browser has the host's token; False where it was refused. Then `show_refusal` says why."""
    state.touch()
    st.session_state.pop(_SAID, None)
    try:
        view = services().rooms.view(id)
        if view is None or not links.is_host(view.room):
            raise Refused("Only the host may do this.")
        do()
    except Refused as reason:
        st.session_state[_SAID] = str(reason), time.monotonic() + _SHOWN
        return False
    return True


def show_refusal() -> None:
    """Draw why the last action was refused, for some seconds: the host's page is drawn again each second."""
    said, until = st.session_state.get(_SAID, ("", 0.0))
    if said and time.monotonic() < until:
        st.warning(said, icon=":material/error:")
