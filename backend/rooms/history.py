"""What the host of a room did, and when. The transactions take a connection."""

from __future__ import annotations

from sqlalchemy import Connection, select

from backend.database.tables import room_events
from backend.rooms.machine import State
from backend.rooms.model import Room


def log(connection: Connection, id: str) -> list[tuple[float, str, State]]:
    """The host's actions: when, which kind, and the state before."""
    events = connection.execute(select(room_events).where(room_events.c.room == id).order_by(room_events.c.seq))
    return [(event.at, event.kind, State.model_validate_json(event.before)) for event in events]


def last_change(connection: Connection, id: str) -> tuple[str, State] | None:
    """The kind of the last change that was not undone, and the state before it; None if there is none."""
    done: list[tuple[str, State]] = []
    for _, kind, before in log(connection, id):
        done = done[:-1] if kind == "undo" else [*done, (kind, before)]
    return done[-1] if done else None


def openings(connection: Connection, room: Room) -> dict[tuple[int, int], float]:
    """When each round of each question was opened, by step and round: the last time, if it was asked anew."""
    events = log(connection, room.id)
    after = [*(before for _, _, before in events[1:]), room.state]
    opened: dict[tuple[int, int], float] = {}
    for (at, kind, before), state in zip(events, after, strict=False):
        if kind == "reset" or (kind == "skip" and state.phase == "ask"):
            opened = {key: since for key, since in opened.items() if key[0] != state.step}
        began = (before.phase, before.step, before.round) != (state.phase, state.step, state.round) or kind == "reset"
        if state.phase == "ask" and began:
            opened.setdefault((state.step, state.round), at)
    return opened
