"""The visitor's runs as a list: a box to overlay each, a pin, and a menu to rename, open or delete it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from backend.services import services
from backend.training.store import MOST_NAME, SavedRun
from components.runs import settings, words
from components.session import controls
from components.session.visitor import visitor
from components.text import for_markdown
from components.theme import RUN_COLOURS, glyph, run_colour

#: How many runs are drawn at first, and how many more at each press.
_FIRST, _MORE = 12, 24
_DRAWN, _PICKED = "runs.drawn", "runs.picked"
MOST_OVERLAID = len(RUN_COLOURS)


def show(entries: list[SavedRun]) -> None:
    """Draw the list, in parts. If there are no runs, or if they cannot be read, say so."""
    problem = services().run_store.problem
    if not entries:
        words = (
            "Your saved runs cannot be listed now."
            if problem
            else "You have no saved runs. Press **Train**: the run is listed here when it has ended."
        )
        st.info(words, icon=":material/inbox:")
        return
    drawn, ticked = st.session_state.get(_DRAWN, _FIRST), [entry.id for entry in ticked_runs(entries)]
    for entry in entries[:drawn]:
        _row(entry, ticked)
    if len(entries) > drawn:
        st.button(f"Show more of {len(entries)} runs", on_click=_show_more, args=(drawn,))


def ticked_runs(entries: list[SavedRun]) -> list[SavedRun]:
    """The runs to overlay."""
    return [entry for entry in entries if st.session_state.get(f"{_PICKED}.{entry.id}")][:MOST_OVERLAID]


def number_badge(position: int) -> str:
    """The number and the colour of the ticked run at `position`, as Markdown."""
    return f"{glyph('■', run_colour(position))} **{position + 1}**"


def _row(entry: SavedRun, ticked: list[str]) -> None:
    with st.container(key=f"runs.row.{entry.id}", horizontal=True, vertical_alignment="center", wrap=True):
        with st.container(width="stretch", gap=None):
            st.checkbox(
                for_markdown(words.name(entry), 100), key=f"{_PICKED}.{entry.id}",
                disabled=entry.id not in ticked and len(ticked) >= MOST_OVERLAID,
            )  # fmt: skip
            number = f"{number_badge(ticked.index(entry.id))} · " if entry.id in ticked else ""
            st.caption(f"{number}{words.result(entry)}")
        st.button(
            "Unpin" if entry.pinned else "Pin", icon=":material/keep_off:" if entry.pinned else ":material/keep:",
            key=f"runs.pin.{entry.id}", type="tertiary", on_click=_pin, args=(entry.id, not entry.pinned),
        )  # fmt: skip
        st.button("Open", key=f"runs.open.{entry.id}", on_click=settings.open_run, args=(entry.id,))
        _menu(entry)


def _menu(entry: SavedRun) -> None:
    menu = st.popover("Rename or delete", key=f"runs.menu.{entry.id}", on_change="rerun")
    if not menu.open:
        return
    with menu:
        st.text_input(
            "Name", max_chars=MOST_NAME, placeholder=words.name(entry),
            **controls.widget_state(f"runs.name.{entry.id}", entry.name, partial(_rename, entry.id)),
        )  # fmt: skip
        st.button(
            "Delete this run", icon=":material/delete:", key=f"runs.delete.{entry.id}", on_click=_delete,
            args=(entry.id,), help="This cannot be undone. The link to this run will stop working.",
        )  # fmt: skip


def _show_more(drawn: int) -> None:
    st.session_state[_DRAWN] = drawn + _MORE


def _pin(id: str, pinned: bool) -> None:
    services().run_store.pin(visitor(), id, pinned)


def _rename(id: str, name: str) -> None:
    services().run_store.rename(visitor(), id, name)


def _delete(id: str) -> None:
    services().run_store.delete(visitor(), id)
    if settings.opened_id() == id:
        settings.open_run("")
