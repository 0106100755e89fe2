"""Many who join at once: a notice for the host, and ways to remove them together and to take that back."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import streamlit as st

from backend.rooms import Room, RoomView
from backend.rooms.crowd import burst
from backend.services import services
from backend.words import ago
from components.rooms import help as helps
from components.rooms import leading
from components.session import controls, state

#: Whom the host has just removed in each room, and until when those who joined at once are known to be the class.
_REMOVED, _OURS = "room.removed", "room.joined_at_once"
_MINUTES = "room.minutes.chosen"
#: The times that the host may choose, in minutes before the press.
_TIMES = (1, 2, 5, 15, 60)


def notice(view: RoomView) -> None:
    """Draw what the host has to see at once: that unusually many joined together, and who was just removed."""
    room = view.room
    _take_back(view)
    found = burst(view)
    if found is None or room.state.closed or found.until <= st.session_state.get(_OURS, {}).get(room.id, 0.0):
        return
    with st.container(border=True, key="room.crowd"):
        seconds = max(math.ceil(found.until - found.since), 1)
        st.warning(
            f"**{found.count} people joined within {seconds} s**, {ago(found.until)}. If this is not your class, lock "
            "the room and remove them. While the room is locked, you can give it a new code.",
            icon=":material/group_add:",
        )
        with st.container(horizontal=True):
            if not room.state.locked:
                st.button("Lock the room", key="room.crowd.lock", on_click=_lock, args=(room,))
            st.button(
                f"Remove all who joined since then ({found.count + found.later})", key="room.crowd.since",
                on_click=_since, args=(room.id, found.since), help=helps.text("room.since"),
            )  # fmt: skip
            st.button("This is my class", key="room.crowd.ours", on_click=_ours, args=(room.id, found.until))


def tools(view: RoomView) -> None:
    """Draw the ways to remove many: who has not answered, and who joined lately. Each button has its number."""
    room, here = view.room, view.present
    answered = {number for given in view.answers.values() for number in given}
    silent = sum(who.number not in answered for who in here)
    lobby = room.state.phase == "lobby"
    st.button(
        f"Remove all who have not answered ({0 if lobby else silent})", key="room.silent", disabled=lobby or not silent,
        on_click=_silent, args=(room.id,), help=helps.text("room.silent"),
    )  # fmt: skip
    minutes = st.session_state.get(_MINUTES, _TIMES[1])
    st.segmented_control(
        "Minutes", _TIMES, required=True, help=helps.text("room.minutes"),
        **controls.picked("room.minutes", minutes, _choose),
    )  # fmt: skip
    late = sum(who.joined >= time.time() - 60 * minutes for who in here)
    st.button(
        f"Remove all who joined in the last {_spell(minutes)} ({late})", key="room.since", disabled=not late,
        on_click=_lately, args=(room.id,), help=helps.text("room.since"),
    )  # fmt: skip
    gone = [who.number for who in view.participants.values() if who.removed]
    if gone:
        st.button(
            f"Let back in all who were removed ({len(gone)})", key="room.back.all", on_click=_let_back,
            args=(room.id, gone), help=helps.text("room.back"),
        )  # fmt: skip


def _take_back(view: RoomView) -> None:
    """Say how many were removed by the last press, and offer to take that back."""
    known: dict[str, list[int]] = st.session_state.get(_REMOVED, {})
    numbers = [n for n in known.get(view.room.id, ()) if (who := view.participants.get(n)) and who.removed]
    if not numbers:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="room.crowd.removed"):
        people = "1 person was" if len(numbers) == 1 else f"{len(numbers)} people were"
        st.markdown(f'<div role="status">{people} removed from the room.</div>', unsafe_allow_html=True)
        st.button("Let them back in", key="room.crowd.back", on_click=_let_back, args=(view.room.id, numbers))
        st.button("Done", key="room.crowd.done", on_click=_forget, args=(view.room.id,))


def _spell(minutes: int) -> str:
    return "minute" if minutes == 1 else f"{minutes} minutes"


def _choose(minutes: int | None) -> None:
    state.touch()
    if minutes is not None:
        st.session_state[_MINUTES] = minutes


def _silent(id: str) -> None:
    _remove(id, lambda: services().rooms.host.remove_unanswered(id))


def _lately(id: str) -> None:
    # What the host has chosen now: the button may have been pressed before it was drawn for that.
    minutes = st.session_state.get(_MINUTES, _TIMES[1])
    _since(id, time.time() - 60 * minutes)


def _since(id: str, since: float) -> None:
    _remove(id, lambda: services().rooms.host.remove_since(id, since))


def _remove(id: str, do: Callable[[], list[int]]) -> None:
    def remove() -> None:
        st.session_state.setdefault(_REMOVED, {})[id] = do()

    leading.attempt(id, remove)


def _let_back(id: str, numbers: list[int]) -> None:
    if leading.attempt(id, lambda: services().rooms.host.let_back(id, numbers)):
        _forget(id)


def _forget(id: str) -> None:
    state.touch()
    st.session_state.get(_REMOVED, {}).pop(id, None)


def _ours(id: str, until: float) -> None:
    state.touch()
    st.session_state.setdefault(_OURS, {})[id] = until


def _lock(room: Room) -> None:
    version = services().rooms.version(room.id)
    leading.attempt(room.id, lambda: services().rooms.host.act(room.id, "lock", version))
