"""Homework on the host's page: until when, and its link."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import streamlit as st

from backend.rooms import Refused, RoomView
from backend.rooms.report import words
from backend.rooms.report.reports import HOMEWORK_DAYS
from backend.rooms.report.store import MOST_VISITORS, MOST_VISITORS_OF_NETWORK, Kept
from backend.services import services
from components import browser
from components.learn.homework import zone
from components.rooms import help as helps
from components.rooms import leading, links
from components.session import state

#: Days until the date that the field proposes.
_PROPOSED = 7


def show(view: RoomView, kept: Kept | None) -> None:
    """Draw the choice of a date, and the link of the homework."""
    st.header("Homework", anchor=False)
    if kept is None:
        st.markdown(
            "Others can answer the lesson's questions in the report alone, until a date. Keep the report first: their "
            "answers join it."
        )
        return
    try:
        given = services().rooms.reports.homework_of(kept)
    except Refused as reason:
        st.markdown(str(reason))
        return
    today = datetime.now(zone() or UTC).date()
    least, most = (today + timedelta(days=days) for days in HOMEWORK_DAYS)
    with st.container(horizontal=True, vertical_alignment="bottom", key="room.homework"):
        st.date_input(
            "Homework until the end of", min(today + timedelta(days=_PROPOSED), most), least, most, width=220,
            key=_key(view.room.id), on_change=state.touch, help=helps.text("room.homework.until"),
        )  # fmt: skip
        st.button(
            "Move the date" if given else "Make a homework link", key="room.homework.give", on_click=_give,
            args=(view.room.id,), help=helps.text("room.homework"),
        )  # fmt: skip
    if given is not None:
        st.markdown(
            "The homework has the lesson's questions that the report had when you made the link. Anybody with this "
            f"link can answer until {words.minute(given.until, zone())}, and the report is kept for at least 30 days "
            "after that. Only the first prediction of each question by each browser counts, "
            f"of at most {MOST_VISITORS:,} browsers, and {MOST_VISITORS_OF_NETWORK} of one network."
        )
        browser.mount("share", {"link": links.homework_address(given.id), "code": None}, key="room.homework.link")


def _key(id: str) -> str:
    return f"room.homework.until.{id}"


def _give(id: str) -> None:
    """Callback: make the link, or move the date of the homework."""
    day = st.session_state.get(_key(id))

    def do() -> None:
        view = services().rooms.view(id)
        if view is None:
            raise Refused("This room does not exist any more.")
        if day is None:
            raise Refused("Choose a date first.")
        end = datetime.combine(day, time(23, 59), zone() or UTC)
        services().rooms.reports.give_homework(view.room, end.timestamp())

    leading.attempt(id, do)
