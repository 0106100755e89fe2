"""Draws a part of the page again whenever its room has changed."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from backend.rooms import Refused, RoomView
from backend.services import services
from components import browser
from components.layout.address import base_path
from components.live.render_lock import render_lock

#: Milliseconds within which the pages of a class draw a change, and after which a page asks for a result that is late.
SPREAD, AGAIN = 700, 1000


def follow(id: str, draw: Callable[[RoomView], bool]) -> None:
    """Draw the room as a fragment, and again with each new version, which the browser is told (`room_follow.js`).

    `draw` returns whether something that it shows is still measured: then the page asks again soon.
    """

    @st.fragment
    @render_lock()
    def fragment() -> None:
        view = found(id)
        if view is None:
            return
        waits = draw(view)
        data = {
            "path": f"{base_path()}/rooms/{id}/versions",
            "version": view.room.version,
            "spread": SPREAD,
            "again": AGAIN if waits else None,
        }
        browser.mount("room_follow", data, key="room.follow", on_version_change=lambda: None)

    fragment()


def poll(id: str, draw: Callable[[RoomView], object], seconds: float) -> None:
    """Draw the room as a fragment every `seconds`: for the host and the board, which count answers."""

    def fragment() -> None:
        with render_lock():
            view = found(id)
            if view is not None:
                draw(view)

    st.fragment(fragment, run_every=seconds)()


def found(id: str) -> RoomView | None:
    """The room; else a sentence that says why there is none is drawn."""
    try:
        view = services().rooms.view(id)
    except Refused as reason:
        st.warning(str(reason), icon=":material/cloud_off:")
        return None
    if view is None:
        st.info("This room does not exist any more.", icon=":material/meeting_room:")
    return view
