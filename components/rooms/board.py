"""The room on a wall: the code, the question, and the result. Nothing can be pressed, and no text is small."""

from __future__ import annotations

import streamlit as st

from backend.rooms import Room, RoomView
from components.layout.share import qr_code
from components.rooms import links, question, result
from components.rooms.follow import found, poll
from components.text import for_markdown

#: Seconds between two looks at the room.
_POLL = 1.0


def show(id: str) -> None:
    """Draw the board for a browser that has its token, or the host's."""
    view = found(id)
    if view is None:
        return
    if not _allowed(view):
        return
    with st.container(key="room.board"):
        poll(id, _draw, _POLL)


def _allowed(view: RoomView) -> bool:
    if links.is_board(view.room):
        return True
    st.warning("This browser may not show the board. Open the link that the host has made.", icon=":material/lock:")
    return False


def _draw(view: RoomView) -> None:
    if not _allowed(view):  # the host may have made another link since
        return
    room, now = view.room, view.room.state
    if now.closed:
        st.title("The room is closed.")
    elif now.paused:
        st.title("A pause.")
    elif now.phase == "lobby":
        _lobby(room, len(view.present))
    elif now.phase == "end":
        st.title("The lesson is over. Thank you.")
    elif now.shown is not None:
        st.header(for_markdown(room.lesson.steps[now.shown].title), anchor=False)
        result.show(view, now.shown, 3, size="wall")
    elif now.revealed:
        _revealed(view)
    else:
        _asked(view)


def _lobby(room: Room, here: int) -> None:
    code, words = st.columns([1, 2], vertical_alignment="center", gap="large")
    address = links.join(room)
    with code:
        picture = qr_code(address)
        if picture:
            st.html(f'<img class="room-qr" alt="QR code of the address of this room" src="{picture}">')
    with words:
        st.title(for_markdown(room.lesson.title))
        st.markdown(f"Scan the code, or open **{for_markdown(_short(address), 80)}** and type")
        st.html(f'<p class="room-code">{room.code}</p>')
        st.markdown(f"**{here}** {'is' if here == 1 else 'are'} here.")


def _asked(view: RoomView) -> None:
    room, now = view.room, view.room.state
    question.show(room.step, now.step, len(room.lesson.steps), parts=False)
    for text in question.lettered(room.step):
        st.markdown(text)
    given, here = len(view.of_round(now.step, now.round)), len(view.present)
    words = {
        "ask": "Answer on your phone." if now.round == 1 else "Answer again, after the discussion.",
        "frozen": "Answers are frozen.",
        "discuss": "Discuss with a neighbour: what did you choose, and why?",
    }
    st.markdown(f"**{given} / {here}** answered · {words.get(now.phase, '')} · code **{room.code}**")


def _revealed(view: RoomView) -> None:
    """One part of the result at a time: a wall has no place for more."""
    room, now = view.room, view.room.state
    st.header(for_markdown(room.step.title), anchor=False)
    if now.phase == "why" and room.step.why:
        st.subheader("Why", anchor=False)
        st.markdown(room.step.why)
        return
    result.show(view, now.step, now.beat, size="wall", alone=True)


def _short(address: str) -> str:
    """The address without what a person need not type."""
    return address.partition("://")[2].partition("?")[0]
