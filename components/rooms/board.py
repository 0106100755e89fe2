"""The room on a wall: the code, the question, and the result. Nothing can be pressed, and no text is small."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import streamlit as st

from backend.lessons.scripts import bundled
from backend.questions.mistakes import Mistake
from backend.rooms import Room, RoomView
from backend.rooms.machine import STAGES
from components import browser
from components.layout.share import qr_code
from components.learn.mistake import mistake_of
from components.learn.panels import panel_of
from components.rooms import links, measured, question, result
from components.rooms.follow import poll, read_room
from components.text import for_markdown

#: Seconds between two polls of the room.
_POLL = 1.0
_PARTS = {1: "Your votes", 2: "What was measured", 3: "The verdict"}


def show(id: str) -> None:
    """Draw the board, for whoever has its address: the room's code leads to it."""
    view = read_room(id, retry=True)
    if view is not None:
        poll(id, _draw, _POLL)


def _draw(view: RoomView) -> None:
    with st.container(key="room.board"):
        browser.mount("room_fit", None, key="room.fit")
        _part(view)


def _part(view: RoomView) -> None:
    """What the room shows now."""
    room, now = view.room, view.room.state
    if now.closed:
        _only_title("The room is closed.")
    elif now.paused:
        _only_title("The room is paused.")
    elif now.phase == "lobby":
        _lobby(room, len(view.present))
    elif now.phase == "end":
        _only_title("The lesson is over. Thank you.")
    elif now.earlier is not None:
        _title(room.lesson.steps[now.earlier].title)
        result.show_on_wall(view, now.earlier, STAGES)
        _foot("An earlier result", "")
    elif now.revealed:
        _revealed_part(view)
    else:
        _question(view)


def _only_title(words: str) -> None:
    with st.container(key="room.alone"):
        st.title(words, anchor=False)


def _title(words: str) -> None:
    st.title(for_markdown(words), anchor=False)


def _lobby(room: Room, here: int) -> None:
    if room.state.locked:
        _title(room.lesson.title)
        st.markdown("The room is locked, so nobody else can join now.")
    else:
        _invitation(room)
    joined = {0: "Nobody has joined yet", 1: "1 person has joined"}.get(here, f"{here} people have joined")
    _foot("The lesson begins soon", joined)


def _invitation(room: Room) -> None:
    """The room's QR code, address and code."""
    code, words = st.columns([1, 2], vertical_alignment="center", gap="large")
    address = links.join_address(room)
    with code:
        picture = qr_code(address)
        if picture:
            st.html(f'<img class="room-qr" alt="QR code of the address of this room" src="{picture}">')
    with words:
        _title(room.lesson.title)
        # A line may end after each slash: otherwise a narrow board breaks the code.
        shown = for_markdown(_short_address(address), 80).replace("/", "/\u200b")
        st.markdown(f"Scan the code with your phone. Or open **{shown}**. The code of this room is")
        st.html(f'<p class="room-code">{room.code}</p>')


def _question(view: RoomView) -> None:
    room, now = view.room, view.room.state
    step = room.step
    mistake = mistake_of(step) if now.whole else None
    if mistake is not None:
        _title(step.title)
        _whole_script(mistake)
        _foot("The whole script", f"Code {room.code}")
        return
    with st.container(key="room.spare"):
        st.markdown(f"Question {now.step + 1} of {len(room.lesson.steps)}")
    _title(step.title)
    if now.phase == "explain":
        _votes_explained(view)
    else:
        st.markdown(question.without_links(step.text))
        _asked(view)
    words = {
        "ask": "Answer on your phone" if now.round == 1 else "Answer again, on your phone",
        "frozen": "Answers are frozen",
        "discuss": "Discuss with a neighbour: what did you choose, and why?",
        "explain": "Your host explains. Then you answer again",
    }
    answered = f"{len(view.of_round(now.step, now.round))} of {len(view.present)} answered"
    clock = _clock(view) if now.phase in ("ask", "discuss") else None
    # While the host explains, the votes say how many have answered.
    _foot(words.get(now.phase, ""), answered * (now.phase != "explain"), f"Code {room.code}", clock=clock)


def _votes_explained(view: RoomView) -> None:
    """Draw the votes for a host who explains, beside what belongs to the question.

    A board without room for that shows the text of the question instead.
    """
    room, now = view.room, view.room.state
    parts = panel_of(room.step).beside_votes(room.step)
    with st.container(key="room.instead" if parts else None):
        st.markdown(question.without_links(room.step.text))
    left, right = st.columns(2, gap="large") if parts else (st.container(), None)
    with left:
        result.show_votes(view, now.step)
    if right is not None:
        with right, st.container(key="room.spare.picture"):
            for i, part in enumerate(parts):
                result.draw_half(part, f"asked.{now.step}.{i}")


def _asked(view: RoomView) -> None:
    """Draw the options, beside the picture of the question or the deciding lines of a mistake's script."""
    step, position = view.room.step, view.room.state.step
    pictures = measured.before_question(view, position, "wall")[0][:1]
    if pictures:
        left, right = st.columns(2, gap="large")
        with left:
            result.draw_half(pictures[0], f"before.{position}")
        with right:
            question.options(step)
        return
    if step.block.page != "mistake":
        question.options(step)
        return
    if (mistake := bundled(step)) is not None:
        st.markdown(f"**{mistake.question}**")
    left, right = st.columns(2, gap="large")
    with left:
        for part in panel_of(step).question(step, "wall"):
            question.markdown(part.words[0])
    with right:
        question.options(step)


def _whole_script(mistake: Mistake) -> None:
    """Draw a script in two columns."""
    lines = mistake.broken.splitlines()
    half = len(lines) // 2
    for place, some in zip(st.columns(2, gap="medium"), (lines[:half], lines[half:]), strict=True):
        place.code("\n".join(some), language=None, wrap_lines=True)


def _revealed_part(view: RoomView) -> None:
    """One part of the result at a time: a wall has no place for more."""
    room, now = view.room, view.room.state
    _title(room.step.title)
    if now.phase == "why" and room.step.why:
        st.header("Why", anchor=False)
        st.markdown(question.without_links(room.step.why))
        _foot("The reason", f"Code {room.code}")
        return
    result.show_on_wall(view, now.step, now.stage)
    _foot(_PARTS[now.stage], f"Code {room.code}")


def _clock(view: RoomView) -> Mapping[str, Any]:
    """The time to think or to discuss that is left."""
    room, now = view.room, view.room.state
    ask = room.step.block.ask
    seconds = ask.discuss if now.phase == "discuss" else ask.seconds_to_answer(now.round)
    left = seconds - (time.time() - room.since)
    return {"left": left, "begun": f"{room.since}", "wall": True}


def _foot(phase: str, *more: str, clock: Mapping[str, Any] | None = None) -> None:
    """Draw the line that says what the room does. A screen reader reads its first part when it changes."""
    parts = [f'<strong role="status">{phase}</strong>', *(f"<span>{words}</span>" for words in more if words)]
    with st.container(key="room.foot", horizontal=True, vertical_alignment="center"):
        st.markdown(f"<p>{''.join(parts)}</p>", unsafe_allow_html=True, width="stretch")
        if clock is not None:
            browser.mount("room_clock", clock, key="room.clock")


def _short_address(address: str) -> str:
    """The address without what a person need not type."""
    return address.partition("://")[2].partition("?")[0]
