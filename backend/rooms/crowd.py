"""Notices many participants who join at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

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
