"""The visitor's runs as a list: a box to overlay each, a pin, and a menu to rename, open or delete it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from backend.services import services
from backend.training.store import MOST_LISTED, MOST_NAME, SavedRun
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
            else "You have no saved runs. Press **Train** on the page Train: the run is listed here."
        )
        st.info(words, icon=":material/inbox:")
        return
    if not problem:  # those that were deleted, perhaps in another tab, have no number
        known = {entry.id for entry in entries}
        _chosen_ids()[:] = filter(known.__contains__, _chosen_ids())
    drawn = st.session_state.get(_DRAWN, _FIRST)
    for entry in entries[:drawn]:
        _row(entry)
    if len(entries) > drawn:
        st.button(f"Show more of {len(entries)} runs", on_click=_show_more, args=(drawn,))
    elif len(entries) == MOST_LISTED < services().config.runs_per_visitor:
        st.caption(
            f"The page lists at most {MOST_LISTED} runs: the pinned ones, then the latest. Delete some to see earlier "
            "ones."
        )


def runs_to_overlay(entries: list[SavedRun]) -> list[SavedRun]:
    """The runs to overlay, in the order in which the visitor chose them."""
    known = {entry.id: entry for entry in entries}
    return [known[id] for id in _chosen_ids() if id in known]


def number_badge(position: int) -> str:
    """The number and the colour of the run that was chosen at `position`, as Markdown."""
    return f"{glyph('■', run_colour(position))} **{position + 1}**"


def _row(entry: SavedRun) -> None:
    chosen = _chosen_ids()
    with st.container(key=f"runs.row.{entry.id}", horizontal=True, vertical_alignment="center", wrap=True):
        with st.container(width="stretch", gap=None):
            st.checkbox(
                for_markdown(words.name(entry), 100),
                disabled=entry.id not in chosen and len(chosen) >= MOST_OVERLAID,
                **controls.widget_state(f"runs.pick.{entry.id}", entry.id in chosen, partial(_pick, entry.id)),
            )
            number = f"{number_badge(chosen.index(entry.id))} · " if entry.id in chosen else ""
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


def _chosen_ids() -> list[str]:
    chosen: list[str] = st.session_state.setdefault(_PICKED, [])
    return chosen


def _pick(id: str, overlaid: bool) -> None:
    chosen = _chosen_ids()
    if overlaid and id not in chosen:
        chosen.append(id)
    elif not overlaid and id in chosen:
        chosen.remove(id)


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
