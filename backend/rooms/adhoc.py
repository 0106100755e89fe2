"""Ad-hoc questions of a room: they are steps of its lesson, so adding one moves the steps behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, select, update

from backend.database.tables import room_answers, room_events
from backend.lessons import adhoc
from backend.lessons.lesson import AdHocBlock, Lesson
from backend.lessons.writer import write
from backend.rooms.machine import State
from backend.rooms.model import Refused, Room

#: What the log of a room calls adding a question.
KIND = "adhoc"


@dataclass(frozen=True)
class Change:
    """The text of the lesson and the state of the room after the steps from `position` on have moved by one place."""

    lesson: str
    state: State
    position: int
    by: Literal[1, -1]


def added(room: Room, text: str, options: Sequence[str], log: Iterable[State]) -> Change:
    """The room with a question, as it was typed, that is asked after the current one. Raises Refused.

    `log` has the states in which the host has acted so far.
    """
    if sentence := refusal(room):
        raise Refused(sentence)
    try:
        block = adhoc.read(text, options)
    except adhoc.BadQuestion as bad:
        raise Refused(str(bad)) from None
    if block in upcoming(room):
        raise Refused("This question comes next already.")
    longer, position = adhoc.insert(room.lesson, block, _next_position(room.state))
    return _change(longer, room.state, position, 1, log)


def refusal(room: Room) -> str:
    """Why no question can be added now; empty if one can."""
    if room.state.closed:
        return "The room is closed."
    if room.state.phase == "end":
        return "The lesson is over. Press Undo to return to its last question, then add yours."
    full = adhoc.count(room.lesson) >= adhoc.MOST
    return f"A room has at most {adhoc.MOST} ad-hoc questions." if full else ""


def taken_back(room: Room, log: Iterable[State]) -> Change:
    """The room without the question that was added last. Raises Refused if it was asked."""
    position = adhoc.last_added(room.lesson)
    states = [*log, room.state]
    if position is None or any(state.phase != "lobby" and state.step == position for state in states):
        raise Refused("Your ad-hoc question was asked already, so Undo does not remove it. Skip it when it comes.")
    return _change(adhoc.remove(room.lesson, position), room.state, position, -1, states)


def move_steps(connection: Connection, id: str, position: int, by: Literal[1, -1]) -> None:
    """The work of a transaction: move the steps from `position` on, in the answers and in the log."""
    its = room_answers.c
    moved = its.room == id, its.step >= position
    steps = connection.execute(select(its.step).where(*moved).distinct().order_by(its.step)).scalars().all()
    for step in steps[::-by]:  # in this order, each step moves to a free place
        connection.execute(update(room_answers).where(its.room == id, its.step == step).values(step=step + by))
    event = room_events.c
    for seq, text in connection.execute(select(event.seq, event.before).where(event.room == id)).all():
        state = State.model_validate_json(text)
        if (after := state.moved(position, by)) != state:
            mine = update(room_events).where(event.room == id, event.seq == seq)
            connection.execute(mine.values(before=after.model_dump_json()))


def upcoming(room: Room) -> list[AdHocBlock]:
    """The ad-hoc questions that come directly after the current step, in their order."""
    found: list[AdHocBlock] = []
    for step in room.lesson.steps[_next_position(room.state) :]:
        if not isinstance(step.block, AdHocBlock):
            break
        found.append(step.block)
    return found


def _next_position(state: State) -> int:
    return 0 if state.phase == "lobby" else state.step + 1


def _change(lesson: Lesson, state: State, position: int, by: Literal[1, -1], log: Iterable[State]) -> Change:
    """The change. If the host went back before a step that moves, phones read their answers anew (`State.asked`)."""
    moved = state.moved(position, by)
    if any(each.phase != "lobby" and each.step >= position for each in log):
        moved = moved.model_copy(update={"asked": moved.asked + 1})
    return Change(write(lesson), moved, position, by)
