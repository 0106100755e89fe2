"""Draws a part of the page again whenever its room has changed."""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

from backend.rooms import Refused, RoomUnavailable, RoomView, Slowed
from backend.services import services
from components import browser
from components.layout.address import base_path
from components.live.render_lock import render_lock
from components.session import state
from components.session.visitor import visitor
from components.streamlit_internals.script_run import requested_fragments

#: Milliseconds within which the pages of a class draw a change, and after which a page asks again for a late result.
SPREAD, AGAIN = 700, 1000
#: Milliseconds after which it asks again in a phase that has lasted longer than `_PATIENCE` (seconds): another server
#: may know that the result has failed.
_LATER, _PATIENCE = 10_000, 120.0
#: Milliseconds after which a page tries again to send an answer that could not be stored.
_SEND_AGAIN = 2000
#: Seconds after which a page tries again to read a room from a database that failed.
_RETRY = 3.0


def follow(id: str, draw: Callable[[RoomView], bool | None]) -> None:
    """Draw the room as a fragment, and again with each new version, of which the browser learns (`room_follow.js`).

    `draw` returns whether something that it shows is still measured: then the page asks again soon. It returns None if
    the visitor was removed and may not follow the room: then the page opens no stream, and asks later.

    Whenever the page asks, it first tries again to send the visitor's answer, if that is not stored. It does so in a
    callback, which waits for the database without the render lock.
    """
    people, me = services().rooms.people, visitor()

    @st.fragment
    @render_lock()
    def fragment() -> None:
        path = f"{base_path()}/rooms/{id}/versions"
        try:
            view = services().rooms.view(id)
        except RoomUnavailable as reason:
            _warn(reason)
            version, again = -1, round(1000 * _RETRY)
        except Refused as reason:
            _warn(reason)
            return
        else:
            if view is None:
                _say_room_is_gone()
                return
            late = draw(view)
            version, again = view.room.version, _LATER if late is None else _retry_delay(view) if late else 0
            path = "" if late is None else path
            again = _SEND_AGAIN if people.waiting_answer(view, people.find(view, me)) else again
        data = {"path": path, "version": version, "spread": SPREAD, "again": again}
        browser.mount("room_follow", data, key="room.follow", on_version_change=lambda: people.send_again(id, me))

    fragment()


def _retry_delay(view: RoomView) -> int:
    """Milliseconds after which a page asks again: more if a result has been late for long."""
    return AGAIN if time.time() < view.room.since + _PATIENCE else _LATER


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
    except Refused as reason:
        _warn(reason)
        return None
    if view is None:
        _say_room_is_gone()
    return view


def try_again(reason: Refused, seconds: float = _RETRY) -> None:
    """Say why the page has to wait, and draw all of it again after some seconds. No thread waits meanwhile."""

    @st.fragment(run_every=seconds)
    def fragment() -> None:
        if requested_fragments():
            state.redraw()
        _warn(reason)

    fragment()


def _warn(reason: Refused) -> None:
    slowed = isinstance(reason, Slowed)
    st.warning(str(reason), icon=":material/hourglass_top:" if slowed else ":material/cloud_off:")


def _say_room_is_gone() -> None:
    st.info("This room does not exist any more.", icon=":material/meeting_room:")
