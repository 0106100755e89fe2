"""Notices many participants who join at once, and removes them together. The transactions take a connection."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from backend.database.tables import room_answers, room_participants
from backend.rooms.model import RoomView

#: If `MANY` people join within `WITHIN` seconds, or `MANY_LATE` after the lesson has begun, either the class is large
#: or one person joins many times. Of a hundred people who scan a code at once, the server lets in about fifty in 10 s.
WITHIN = 10.0
MANY, MANY_LATE = 60, 30


@dataclass(frozen=True)
class Burst:
    """`count` of those who are here joined at once, from `since` to `until`, and `later` more after that."""

    count: int
    since: float
    until: float
    later: int


def burst(view: RoomView) -> Burst | None:
    """The latest burst in which unusually many of those who are here joined at once; None if there was none."""
    times = sorted(who.joined for who in view.present)
    began = view.room.state.began_at
    late = [at for at in times if began and at >= began]
    since, until = max((_last_span(times, MANY), _last_span(late, MANY_LATE)), key=lambda span: span[1])
    count = sum(since <= at <= until for at in times)
    return Burst(count, since, until, sum(at > until for at in times)) if count else None


def _last_span(times: list[float], many: int) -> tuple[float, float]:
    """Start and end of the last span of these sorted times that has at least `many` in any `WITHIN` seconds."""
    since = until = float("-inf")
    for first, last in zip(times, times[many - 1 :], strict=False):
        if last - first <= WITHIN:
            since, until = (first if first > until else since), last
    return since, until


def set_removed(connection: Connection, room: str, numbers: Iterable[int], removed: bool) -> None:
    """Remove these participants, or let them back in."""
    who = room_participants.c
    mine = update(room_participants).where(who.room == room, who.number.in_(list(numbers)))
    connection.execute(mine.values(removed=removed, at=time.time()))


def remove_unanswered(connection: Connection, room: str) -> list[int]:
    """Remove the participants who have answered no question. Returns their numbers."""
    who = room_participants.c
    of_room = select(room_answers.c.number).where(room_answers.c.room == room)
    silent = who.room == room, who.removed.is_(False), who.number.not_in(of_room)
    numbers = list(connection.execute(select(who.number).where(*silent)).scalars())
    set_removed(connection, room, numbers, True)
    return numbers


def remove_since(connection: Connection, room: str, since: float) -> list[int]:
    """Remove the participants who joined at that time or later. Returns their numbers."""
    who = room_participants.c
    late = who.room == room, who.removed.is_(False), who.joined >= since
    numbers = list(connection.execute(select(who.number).where(*late)).scalars())
    set_removed(connection, room, numbers, True)
    return numbers
