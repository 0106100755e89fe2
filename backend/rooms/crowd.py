"""Notices many participants who join at once, and removes them together. The transactions take a connection."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from backend.database.tables import room_answers, room_participants
from backend.rooms.model import Participant, RoomView

#: If `MANY` people join within `WITHIN` seconds, or `MANY_LATE` after the lesson has begun, either the class is large
#: or one person joins many times. Of a hundred people who scan a code at once, the server lets in about fifty in 10 s.
WITHIN = 10.0
MANY, MANY_LATE = 60, 30
#: A network from which so many joined at once can be removed by itself, and the most networks that are offered.
MANY_OF_NETWORK, MOST_NETWORKS = 10, 3


@dataclass(frozen=True)
class Silent:
    """The `count` people of a network (None: of all) who have joined since a burst began and have answered nothing."""

    network: str | None
    count: int


@dataclass(frozen=True)
class Burst:
    """`count` of those who are here joined at once, from `since` to `until`. The host may remove each of `groups`.

    These are the networks from which most of them came. If they came from many networks, it is one group of all.
    """

    count: int
    since: float
    until: float
    groups: tuple[Silent, ...]


def silent(view: RoomView) -> list[Participant]:
    """Those who are here and have answered no question."""
    answered = {number for answers in view.answers.values() for number in answers}
    return [who for who in view.present if who.number not in answered]


def burst(view: RoomView) -> Burst | None:
    """The latest burst in which unusually many of those who are here joined at once; None if there was none."""
    times = sorted(who.joined for who in view.present)
    began = view.room.state.began_at
    late = [at for at in times if began and at >= began]
    since, until = max((_last_span(times, MANY), _last_span(late, MANY_LATE)), key=lambda span: span[1])
    together = [who for who in view.present if since <= who.joined <= until]
    if not together:
        return None
    late_silent = Counter(who.network for who in silent(view) if who.joined >= since)
    networks = Counter(who.network for who in together if who.network).most_common(MOST_NETWORKS)
    groups = tuple(Silent(name, late_silent[name]) for name, many in networks if many >= MANY_OF_NETWORK)
    return Burst(len(together), since, until, groups or (Silent(None, late_silent.total()),))


def _last_span(times: list[float], many: int) -> tuple[float, float]:
    """Start and end of the last span of these sorted times that has at least `many` in any `WITHIN` seconds."""
    since = until = float("-inf")
    for first, last in zip(times, times[many - 1 :], strict=False):
        if last - first <= WITHIN:
            since, until = (first if first > until else since), last
    return since, until


def set_removed(connection: Connection, room: str, numbers: Sequence[int], removed: bool) -> list[int]:
    """Remove these participants, or let them back in. Returns their numbers."""
    who = room_participants.c
    mine = update(room_participants).where(who.room == room, who.number.in_(numbers))
    connection.execute(mine.values(removed=removed, at=time.time()))
    return list(numbers)


def remove_joined(connection: Connection, room: str, since: float, network: str | None, *, silent: bool) -> list[int]:
    """Remove the participants who joined at the time `since` or later and, if it is given, from that network.

    If they have to be `silent`, those who have answered a question stay. Returns the numbers of the others.
    """
    who = room_participants.c
    those = select(who.number).where(who.room == room, who.removed.is_(False), who.joined >= since)
    if silent:
        those = those.where(who.number.not_in(select(room_answers.c.number).where(room_answers.c.room == room)))
    if network is not None:
        those = those.where(who.network == network)
    return set_removed(connection, room, connection.execute(those).scalars().all(), True)
