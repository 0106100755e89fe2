"""Where a visitor joins a room or opens one."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode

import streamlit as st

from backend.config.settings import MOST_PASSPHRASE
from backend.lessons.parser import shuffled
from backend.rooms import OpenedRoom, RoomRefused
from backend.services import services
from backend.words import ago
from components import browser
from components import help as helps
from components.layout import page
from components.layout.address import base_path
from components.rooms import links
from components.session import page_options, state
from components.session.visitor import visitor
from components.text import for_markdown

_OPENED, _REFUSAL, _SHUFFLE = "room.opened", "room.refused", "room.shuffle"


def show_sidebar() -> None:
    """Draw what happens in a room, step by step."""
    st.header("How a room works", anchor=False)
    st.markdown(
        "1. The host opens a room and shows its board on a wall.\n"
        "2. The others scan the code on the board, or type its six letters and digits.\n"
        "3. All answer a question. Meanwhile, in some questions, a network is trained for each person.\n"
        "4. The host freezes the answers, then reveals the votes, what was measured, and the verdict."
    )


def show() -> None:
    """Draw the forms to join and to open a room, and the rooms that the visitor has opened."""
    st.title("Predict together")
    st.markdown(
        "In a room, a whole class answers a lesson's questions. In some questions we train one network per "
        "person and compare them all."
    )
    if refusal := st.session_state.pop(_REFUSAL, ""):
        st.warning(refusal, icon=":material/error:")
    st.header("Join a room", anchor=False)
    with st.form("room.join"):
        typed = st.text_input("Code", max_chars=12, key="room.code", placeholder="ABC234", help=helps.text("room.code"))
        if st.form_submit_button("Join", type="primary"):
            browser.mount("go", {"address": f"{base_path()}/join?{urlencode({'code': typed})}"}, key="room.go")
    st.header("Open a room", anchor=False)
    if services().rooms.admission.is_admitted(visitor()):
        _open()
    else:
        _ask_for_passphrase()
    _own_rooms()


def _open() -> None:
    titles = {lesson.id: f"{lesson.title} ({lesson.minutes} min)" for lesson in services().lessons().lessons}
    page.ephemeral("rooms")
    with st.container(border=True):
        lesson = st.selectbox(
            "Lesson", list(titles), format_func=lambda id: titles.get(id, id), key="room.lesson",
            help=helps.text("room.lesson"),
        )  # fmt: skip
        st.toggle("Shuffle the options", key=_SHUFFLE, help=helps.text("room.shuffle"))
        st.page_link("learn.py", label="Read its questions in Learn", query_params={"lesson": lesson or ""})
        st.button("Open a room", icon=":material/meeting_room:", key="room.open", on_click=_open_room)
        opened: OpenedRoom | None = st.session_state.pop(_OPENED, None)
        if opened is not None:
            lead = links.entry_address(opened.room.id, opened.host)
            st.markdown(f"**[Lead the room]({lead})**")
            browser.mount("go", {"address": lead}, key="room.enter")


def _ask_for_passphrase() -> None:
    """Ask once for the operator's passphrase."""
    st.markdown("To open a room, you need the passphrase of this server. To join one, you need none.")
    with st.form("room.admission"):
        typed = st.text_input(
            "Passphrase", type="password", max_chars=MOST_PASSPHRASE, key="room.passphrase",
            help=helps.text("room.passphrase"),
        )  # fmt: skip
        if not st.form_submit_button("Continue"):
            return
    try:
        services().rooms.admission.admit(typed, visitor(), st.context.ip_address or "")
    except RoomRefused as reason:  # after many wrong ones, it says how long to wait
        st.warning(str(reason), icon=":material/error:")
    else:
        state.redraw()


def _own_rooms() -> None:
    """The visitor's rooms. Those that this browser may lead are opened by a press."""
    rooms = services().rooms.of_owner(visitor())
    if not rooms:
        return
    st.header("Your rooms", anchor=False)
    for room in rooms:
        with st.container(horizontal=True, vertical_alignment="center", key=f"room.own.{room.id}"):
            ended = ", now closed" if room.state.closed else ""
            title = room.lesson.title if room.readable else room.lesson_id
            st.markdown(f"**{room.code}** · {for_markdown(title)} · opened {ago(room.created)}{ended}")
            if links.is_host(room):
                st.button("Lead", key=f"room.lead.{room.id}", on_click=page_options.choose, args=("host", room.id))


def _open_room() -> None:
    """Callback. It reads the choice itself: a choice may come with the press, after the button was drawn."""
    try:
        lesson = services().lessons().lesson(st.session_state.get("room.lesson") or "")
        if lesson is None:
            raise RoomRefused("The lesson that you chose does not exist any more. Choose again.")
        if st.session_state.get(_SHUFFLE):
            lesson = shuffled(lesson, secrets.randbelow(2**30))
        st.session_state[_OPENED] = services().rooms.open(lesson, visitor(), st.context.ip_address or "")
    except RoomRefused as reason:
        st.session_state[_REFUSAL] = str(reason)
