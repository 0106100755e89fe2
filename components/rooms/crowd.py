"""Buttons that remove many participants together, and undo that."""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

from backend.rooms import RoomView
from backend.services import services
from components import help as helps
from components.rooms import leading
from components.session import controls

#: Session key: whom the host has just removed from each room.
_REMOVED = "room.removed"
_MINUTES = "room.minutes.chosen"
#: The times that the host may choose, in minutes before the press.
_TIMES = (1, 2, 5, 15, 60)


def tools(view: RoomView) -> None:
    """Draw the buttons that remove many: all who joined lately, or all who have not answered. Each says how many."""
    room, here = view.room, view.present
    unanswered = len(view.silent)
    lobby = room.state.phase == "lobby"
    st.button(
        f"Remove all who have not answered ({0 if lobby else unanswered})", key="room.silent",
        disabled=lobby or not unanswered,
        on_click=_remove_silent, args=(room.id,), help=helps.text("room.silent"),
    )  # fmt: skip
    minutes = st.session_state.get(_MINUTES, _TIMES[1])
    st.segmented_control(
        "Minutes", _TIMES, required=True, help=helps.text("room.minutes"),
        **controls.button_group_state("room.minutes", minutes, _choose),
    )  # fmt: skip
    late = sum(who.joined >= time.time() - 60 * minutes for who in here)
    st.button(
        f"Remove all who joined in the last {_minutes_words(minutes)} ({late})", key="room.since", disabled=not late,
        on_click=_remove_late, args=(room.id,), help=helps.text("room.since"),
    )  # fmt: skip
    removed = [who.number for who in view.participants.values() if who.removed]
    if removed:
        st.button(
            f"Let back in all who were removed ({len(removed)})", key="room.back.all", on_click=_let_back,
            args=(room.id, removed), help=helps.text("room.back"),
        )  # fmt: skip


def offer_undo(view: RoomView) -> None:
    """Say how many were removed by the last press, and offer to undo it."""
    removed: dict[str, list[int]] = st.session_state.get(_REMOVED, {})
    numbers = [n for n in removed.get(view.room.id, ()) if (who := view.participants.get(n)) and who.removed]
    if not numbers:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="room.crowd.removed"):
        people = "1 person was" if len(numbers) == 1 else f"{len(numbers)} people were"
        st.markdown(f'<div role="status">{people} removed from the room.</div>', unsafe_allow_html=True)
        st.button("Let them back in", key="room.crowd.back", on_click=_let_back, args=(view.room.id, numbers))
        st.button("Done", key="room.crowd.done", on_click=_forget, args=(view.room.id,))


def _minutes_words(minutes: int) -> str:
    return "minute" if minutes == 1 else f"{minutes} minutes"


def _choose(minutes: int | None) -> None:
    if minutes is not None:
        st.session_state[_MINUTES] = minutes


def _remove_silent(id: str) -> None:
    _remove(id, lambda: services().rooms.host.remove_joined(id))


def _remove_late(id: str) -> None:
    # Reads the chosen time itself: the host may have changed it after the button was drawn.
    minutes = st.session_state.get(_MINUTES, _TIMES[1])
    _remove(id, lambda: services().rooms.host.remove_joined(id, time.time() - 60 * minutes, silent=False))


def _remove(id: str, do: Callable[[], list[int]]) -> None:
    def remove() -> None:
        st.session_state.setdefault(_REMOVED, {})[id] = do()

    leading.attempt(id, remove)


def _let_back(id: str, numbers: list[int]) -> None:
    if leading.attempt(id, lambda: services().rooms.host.set_removed(id, numbers, False)):
        _forget(id)


def _forget(id: str) -> None:
    st.session_state.get(_REMOVED, {}).pop(id, None)
