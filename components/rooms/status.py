"""What a room does now, for its host: its phase in words, who has answered, the time, and what is ready."""

from __future__ import annotations

import time

import streamlit as st

from backend.rooms import RoomView
from backend.services import services
from backend.words import counted
from components.learn import mistake
from components.rooms import links, measured

_NO_CONNECTION = "No connection. What you press does nothing until the connection is back."
_PHASES = {
    "ask": "answers are open", "frozen": "answers are frozen", "discuss": "people discuss", "explain": "you explain",
    "why": "the reason is shown",
}  # fmt: skip
#: What is shown after each press of a reveal.
_STAGES = ("the votes are shown", "the measurement is shown", "the verdict is shown")


def show(view: RoomView) -> None:
    """Draw what the room does now, and below it the room's code and some counts."""
    with st.container(key="room.host.status", gap=None):
        words = f"<strong>{_phase_words(view)}.</strong><em>{_NO_CONNECTION}</em>"
        st.markdown(f'<div role="status">{words}</div>', unsafe_allow_html=True)
    code = view.room.code
    board = f"Board **[{links.shown_board_address()}]({links.board_address(code)})**"
    known = [board if view.room.state.phase == "lobby" else "", f"Code **{code}**", f"{len(view.present)} here"]
    st.markdown(" · ".join(filter(None, [*known, *_counts(view)])))


def _phase_words(view: RoomView) -> str:
    """What the room does now, in words."""
    room, now = view.room, view.room.state
    if now.closed or now.paused:
        return f"The room is {'closed' if now.closed else 'paused'}"
    if now.phase == "lobby":
        return "The room is locked: nobody else can join" if now.locked else "Waiting for people to join"
    if now.phase == "end":
        return "The lesson is over"
    words = _STAGES[now.stage - 1] if now.phase == "reveal" else _PHASES[now.phase]
    again = ", second round" if now.round == 2 and now.phase in ("ask", "frozen") else ""
    return f"Question {now.step + 1} of {len(room.lesson.steps)}: {words}{again}"


def _counts(view: RoomView) -> list[str]:
    """How many have answered, the time, and how many runs are ready."""
    room, now = view.room, view.room.state
    if now.phase in ("lobby", "end") or now.closed:
        return []
    answers, ask = view.of_round(now.step, now.round), room.step.block.ask
    found = [f"**{len(answers)} of {len(view.present)}** answered"]
    if now.phase in ("ask", "discuss"):
        until = now.paused_at if now.paused else time.time()
        planned = ask.discuss if now.phase == "discuss" else ask.seconds_to_answer(now.round)
        found.append(f"{_clock(max(until - room.since, 0))} of {_clock(planned)}")
    slow = [who for who in view.present if who.pace != "standard" and who.number not in answers]
    if now.phase == "ask" and slow:
        found.append(f"{len(slow)} asked for more time")
    problem = "**answers cannot be saved now**: the phones send them again" if services().database.problem else ""
    return [*found, _readiness(view), problem]


def _readiness(view: RoomView) -> str:
    """How much of the result is there. What needs no run is measured now, so that nobody waits at the reveal."""
    step = view.room.step
    if step.block.run == "none":
        found = mistake.refused_scripts(step) or measured.results(view, step)
        return found if isinstance(found, str) else "the result is ready"
    runs = services().rooms.training.of_step(view)
    missing, failed = len(runs.missing), len(runs.failed)
    wanted = 1 if step.block.run == "shared" else len(view.present)
    return f"{wanted - missing} of {counted(wanted, 'run')} ready{f', **{failed} failed**' if failed else ''}"


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
