"""What a room does now, for its host: its phase in words, who has answered, the time, and what is ready."""

from __future__ import annotations

import time

import streamlit as st

from backend.rooms import RoomView
from backend.services import services
from components import browser
from components.learn import mistake
from components.rooms import measured as room_measured
from components.rooms import stepper

_NO_CONNECTION = "No connection. What you press does nothing until the connection is back."
_PHASES = {
    "lobby": "waiting for people to join", "ask": "answers are open", "frozen": "answers are frozen",
    "discuss": "people discuss", "explain": "you explain", "why": "the reason is shown", "end": "the lesson is over",
}  # fmt: skip
#: What is shown after each press of a reveal.
_STAGES = ("the votes are shown", "the measurement is shown", "the verdict is shown")


def show(view: RoomView) -> None:
    """Draw what the room does now, the parts of the question, and the room's code.

    They have a container of their own, because some of them come and go: otherwise the buttons below would move, and
    the browser would draw them anew.
    """
    room, now = view.room, view.room.state
    with st.container(key="room.host.now"):
        with st.container(key="room.host.status", gap=None):
            browser.mount("room_connection", {"words": _NO_CONNECTION}, key="room.connection")
            st.markdown(f'<div role="status"><strong>{_phase_words(view)}.</strong></div>', unsafe_allow_html=True)
        if now.phase not in ("lobby", "end") and not now.closed:
            stepper.show(room)
        here = len(view.present)
        joined = "Nobody is here yet" if not view.participants else "Nobody is here" if not here else f"{here} here"
        st.markdown(f"Code **{room.code}** · {joined}")
        _show_counts(view)


def _phase_words(view: RoomView) -> str:
    """What the room does now, in words."""
    room, now = view.room, view.room.state
    if now.closed:
        return "The room is closed"
    words = _STAGES[now.stage - 1] if now.phase == "reveal" else _PHASES[now.phase]
    if now.paused:
        words = "the room is paused"
    elif now.locked and now.phase == "lobby":
        words = "the room is locked: nobody else can join"
    if now.phase in ("lobby", "end"):
        return words[0].upper() + words[1:]
    again = ", second round" if now.round == 2 and now.phase in ("ask", "frozen") else ""
    return f"Question {now.step + 1} of {len(room.lesson.steps)}: {words}{again}"


def _show_counts(view: RoomView) -> None:
    """Draw how many have answered, the time, and how many runs are ready."""
    room, now = view.room, view.room.state
    if now.phase in ("lobby", "end") or now.closed:
        return
    answers, here = view.of_round(now.step, now.round), len(view.present)
    parts = [f"**{len(answers)} of {here}** answered"] if here else []
    if now.phase in ("ask", "discuss"):
        until = now.paused_at if now.paused else time.time()
        parts.append(f"{_clock(max(until - room.since, 0))} of {_clock(_planned_seconds(view))}")
    slow = [who for who in view.present if who.pace != "standard" and who.number not in answers]
    if now.phase == "ask" and slow:
        parts.append(f"{len(slow)} asked for more time")
    parts.append(_readiness_words(view))
    if services().database.problem:
        parts.append("**answers cannot be saved now**: the phones send them again")
    st.markdown(" · ".join(filter(None, parts)))


def _readiness_words(view: RoomView) -> str:
    """How much of the result is there. What needs no run is measured now, so that nobody waits at the reveal."""
    step = view.room.step
    if mistake.refused_scripts(step):
        return "**there is no result**: this server does not run the scripts of this lesson"
    if step.block.run == "none":
        if room_measured.pending(view, step) is not None:
            return "Keras measures …"
        return "**the measurement failed**" if room_measured.failure(view, step) else "the result is ready"
    step_runs = services().rooms.training.of_step(view)
    missing, failed = len(step_runs.missing), len(step_runs.failed)
    if step.block.run == "shared":
        return "**the run failed**" if failed else "the run is not ready" if missing else "the run is ready"
    runs = len(view.present)
    if not runs:
        return ""
    ready = f"{runs - missing} of {runs} runs ready"
    return f"{ready}, **{failed} failed**" if failed else ready


def _planned_seconds(view: RoomView) -> float:
    ask, now = view.room.step.block.ask, view.room.state
    return float(ask.discuss if now.phase == "discuss" else ask.seconds_to_answer(now.round))


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
