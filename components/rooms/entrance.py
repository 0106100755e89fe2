"""Where a visitor joins a room or opens one."""

from __future__ import annotations

import secrets

import streamlit as st

from backend.config.settings import MOST_PASSPHRASE
from backend.lessons import Lesson
from backend.lessons.parser import shuffled
from backend.rooms import OpenedRoom, Room, RoomRefused, Slowed
from backend.rooms.tokens import read_code
from backend.services import services
from backend.words import ago
from components import browser
from components import help as helps
from components.browser.announcement import announce
from components.layout import page
from components.layout.address import base_path
from components.rooms import links, question
from components.rooms.reading import try_again
from components.session import page_options, state
from components.session.visitor import visitor
from components.text import for_markdown

_OPENED, _REFUSAL, _TRIED = "room.opened", "room.refused", "room.passphrase.tried"
_SHUFFLE = "room.shuffle"


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
    _join()
    _open()
    _own_rooms()


def _join() -> None:
    st.header("Join a room", anchor=False)
    with st.form("room.join", border=True):
        typed = st.text_input("Code", max_chars=12, key="room.code", placeholder="ABC234", help=helps.text("room.code"))
        pressed = st.form_submit_button("Join", type="primary")
    if pressed:
        code = read_code(typed)
        if code is None:
            st.warning(
                f"“{for_markdown(typed, 20)}” is not a room code. A code has six characters: letters and digits."
            )
        else:
            browser.mount("go", {"address": f"{base_path()}/join/{code}"}, key="room.go")


def _open() -> None:
    st.header("Open a room", anchor=False)
    if not services().rooms.admission.is_admitted(visitor()):
        _ask_for_passphrase()
        return
    lessons = services().lessons().lessons
    titles = {lesson.id: f"{lesson.title} ({lesson.minutes} min)" for lesson in lessons}
    page.ephemeral("rooms")
    with st.container(border=True):
        st.selectbox(
            "Lesson", list(titles), format_func=lambda id: titles.get(id, id), key="room.lesson",
            help=helps.text("room.lesson"),
        )  # fmt: skip
        st.toggle("Shuffle the options", key=_SHUFFLE, help=helps.text("room.shuffle"))
        _preview()
        st.button("Open a room", icon=":material/meeting_room:", key="room.open", on_click=_open_room)
        opened: OpenedRoom | None = st.session_state.get(_OPENED)
        if opened is not None and _exists(opened.room):
            lead = links.entry_address(opened.room.id, opened.host)
            st.markdown(
                f"Your room has the code **{opened.room.code}**.  \n**[Lead the room]({lead})**: this link makes your "
                "browser the room's host. Keep it to yourself."
            )
            browser.mount("enter", {"address": lead}, key="room.enter")
            announce("room.opened", opened.room.id, f"Your room has the code {' '.join(opened.room.code)}.")


def _ask_for_passphrase() -> None:
    """Ask once for the operator's passphrase. After many wrong ones, the page tries it later, by itself."""
    st.markdown("To open a room, you need the passphrase of this server. To join one, you need none.")
    with st.form("room.admission", border=True):
        typed = st.text_input(
            "Passphrase", type="password", max_chars=MOST_PASSPHRASE, key="room.passphrase",
            help=helps.text("room.passphrase"),
        )  # fmt: skip
        if st.form_submit_button("Continue"):
            st.session_state[_TRIED] = typed
    tried = st.session_state.get(_TRIED)
    if tried is None:
        return
    try:
        services().rooms.admission.admit(tried, visitor(), st.context.ip_address or "")
    except Slowed as reason:
        try_again(reason, reason.seconds)
    except RoomRefused as reason:
        del st.session_state[_TRIED]
        st.warning(str(reason), icon=":material/error:")
    else:
        del st.session_state[_TRIED]
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
                st.button("Lead", key=f"room.lead.{room.id}", on_click=_lead, args=(room,))


def _exists(room: Room) -> bool:
    """Whether the room still exists; also True if it cannot be read now."""
    try:
        return services().rooms.view(room.id) is not None
    except RoomRefused:
        return True


def _open_room() -> None:
    """Callback. It reads the choice itself: a choice may come with the press, after the button was drawn."""
    try:
        lesson = _chosen()
        if st.session_state.get(_SHUFFLE):
            lesson = shuffled(lesson, secrets.randbelow(2**30))
        st.session_state[_OPENED] = services().rooms.open(lesson, visitor(), st.context.ip_address or "")
    except RoomRefused as reason:
        st.session_state[_REFUSAL] = str(reason)


def _chosen() -> Lesson:
    """The lesson of the menu. Raises RoomRefused."""
    lesson = services().lessons().lesson(st.session_state.get("room.lesson") or "")
    if lesson is None:
        raise RoomRefused("The lesson that you chose does not exist any more. Choose again.")
    return lesson


def _preview() -> None:
    """Draw every question of the lesson with its options. Anybody may see it, so nothing says which one is right."""
    with st.expander("Preview the questions", key="room.preview", on_change="rerun") as preview:
        if not preview.open:
            return
        try:
            lesson = _chosen()
        except RoomRefused as reason:
            st.warning(str(reason), icon=":material/error:")
            return
        for position, step in enumerate(lesson.steps):
            question.show(step, position, len(lesson.steps))


def _lead(room: Room) -> None:
    page_options.choose("host", room.id)
