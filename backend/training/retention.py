"""How many saved runs are kept, for how long, and whose are deleted first."""

from __future__ import annotations

import heapq
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, exists, func, select

from backend.database.tables import runs, saved_runs

#: An entry is kept for at least so many seconds, whatever the bounds: its visitor may just be looking for it.
FRESH = 3600.0
#: How many entries one statement deletes. SQLite takes no more than 32,766 values.
_AT_ONCE = 500


@dataclass(frozen=True)
class Bounds:
    """The most that is kept, of all visitors and of each one. A pinned entry does not age."""

    days: float = 90
    count: int = 100_000
    megabytes: float = 4_000
    count_per_visitor: int = 200
    megabytes_per_visitor: float = 100


@dataclass(frozen=True)
class Usage:
    """A number of entries, and the bytes of their runs."""

    count: int
    bytes: int

    def fits(self, count: int, megabytes: float) -> bool:
        """Whether this is within the bounds."""
        return self.count <= count and self.bytes <= megabytes * 2**20

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.count + other.count, self.bytes + other.bytes)


def prune(connection: Connection, bounds: Bounds, room_for: Usage = Usage(0, 0)) -> Usage:
    """Delete old entries, those beyond the bounds of all visitors, and runs that no entry needs. Return the usage.

    Whoever has most loses first, so that nobody's runs displace those of others. Each loses the oldest entries first,
    pinned ones last. With `room_for`, so much more has to be free. Entries of the last hour stay, so there may be no
    room.
    """
    too_old = saved_runs.c.at < time.time() - bounds.days * 24 * 3600
    connection.execute(delete(saved_runs).where(saved_runs.c.pinned.is_(False), too_old))
    delete_unused(connection)
    usage = _usage(connection)
    if (excess := usage.count + room_for.count - bounds.count) > 0:
        remove(connection, _victims(connection, excess, by_bytes=False))
        usage = _usage(connection)
    if (excess := usage.bytes + room_for.bytes - int(bounds.megabytes * 2**20)) > 0:
        remove(connection, _victims(connection, excess, by_bytes=True))
        usage = _usage(connection)
    return usage


def entries_to_make_room(
    connection: Connection, visitor: str, size: int, bounds: Bounds
) -> tuple[Usage, set[str] | None]:
    """The visitor's usage, and the ids of the entries to delete so that another run of `size` bytes has room.

    These are their oldest entries that are not pinned, and none of the last hour; None if that makes no room.
    """
    mine = select(saved_runs).where(saved_runs.c.visitor == visitor).order_by(saved_runs.c.at)
    rows = connection.execute(mine).all()
    usage = left = Usage(len(rows), sum(row.bytes for row in rows))
    deleted: set[str] = set()
    for row in (row for row in rows if _is_old(row) and not row.pinned):
        if _has_room(left, size, bounds):
            break
        deleted.add(row.id)
        left = Usage(left.count - 1, left.bytes - row.bytes)
    return usage, deleted if _has_room(left, size, bounds) else None


def remove(connection: Connection, ids: set[str]) -> None:
    """Delete these entries, and runs that no entry needs any more."""
    some = sorted(ids)
    for at in range(0, len(some), _AT_ONCE):
        connection.execute(delete(saved_runs).where(saved_runs.c.id.in_(some[at : at + _AT_ONCE])))
    if some:
        delete_unused(connection)


def delete_unused(connection: Connection) -> None:
    """Delete runs that no entry needs."""
    connection.execute(delete(runs).where(~exists().where(saved_runs.c.run == runs.c.id)))


def _has_room(usage: Usage, size: int, bounds: Bounds) -> bool:
    return (usage + Usage(1, size)).fits(bounds.count_per_visitor, bounds.megabytes_per_visitor)


def _is_old(row: Row[tuple[object, ...]]) -> bool:
    return bool(row.at < time.time() - FRESH)


def _usage(connection: Connection) -> Usage:
    count = connection.execute(select(func.count()).select_from(saved_runs)).scalar_one()
    return Usage(count, int(connection.execute(select(func.coalesce(func.sum(runs.c.bytes), 0))).scalar_one()))


def _victims(connection: Connection, excess: int, *, by_bytes: bool) -> set[str]:
    """Which entries to delete so that `excess` entries, or bytes, are free.

    Of visitors with the same usage, the one with the oldest entry loses. A run that several entries need is freed with
    the last of them. Only the entries of those who lose some are read: others wait for this transaction.
    """
    size = func.sum(saved_runs.c.bytes) if by_bytes else func.count()
    holders = select(saved_runs.c.visitor, size, func.min(saved_runs.c.at)).group_by(saved_runs.c.visitor)
    largest = [(-int(size), oldest, visitor) for visitor, size, oldest in connection.execute(holders)]
    heapq.heapify(largest)
    lines: dict[str, deque[Row[tuple[object, ...]]]] = {}
    needed: dict[int, int] = {}  # how many entries need a run
    gone: set[str] = set()
    while excess > 0 and largest:
        negative_size, _, visitor = heapq.heappop(largest)
        if visitor not in lines:
            lines[visitor] = deque(_evictable(connection, visitor))
        line = lines[visitor]
        if not line:
            continue
        row = line.popleft()
        gone.add(row.id)
        needed[row.run] = needed.get(row.run, row.needed) - 1
        if not by_bytes or not needed[row.run]:
            excess -= row.bytes if by_bytes else 1
        if line:
            heapq.heappush(largest, (negative_size + (row.bytes if by_bytes else 1), line[0].at, visitor))
    return gone


def _evictable(connection: Connection, visitor: str) -> Sequence[Row[tuple[object, ...]]]:
    """The visitor's entries that may be deleted, in that order, each with how many entries need its run."""
    others = saved_runs.alias()
    needed = select(func.count()).select_from(others).where(others.c.run == saved_runs.c.run).scalar_subquery()
    mine = saved_runs.c.visitor == visitor, saved_runs.c.at < time.time() - FRESH
    query = select(saved_runs, needed.label("needed")).where(*mine).order_by(saved_runs.c.pinned, saved_runs.c.at)
    return connection.execute(query).all()
