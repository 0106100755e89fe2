"""How many saved runs are kept, for how long, and whose are deleted first."""

from __future__ import annotations

import heapq
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterable
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
class Held:
    """How many entries there are, and the bytes of their runs."""

    count: int
    bytes: int

    def fits(self, count: int, megabytes: float) -> bool:
        """Whether this is within the bounds."""
        return self.count <= count and self.bytes <= megabytes * 2**20

    def __add__(self, other: Held) -> Held:
        return Held(self.count + other.count, self.bytes + other.bytes)


def prune(connection: Connection, bounds: Bounds, room_for: Held = Held(0, 0)) -> Held:
    """Delete old entries, those beyond the bounds of all visitors, and runs that no entry needs. Returns what is held.

    Whoever has most loses first, so that nobody's runs displace those of others; of one visitor the oldest entry that
    is not pinned, and pinned ones last. With `room_for`, so much more has to be free. Entries of the last hour stay:
    so there may be no room.
    """
    too_old = saved_runs.c.at < time.time() - bounds.days * 24 * 3600
    connection.execute(delete(saved_runs).where(saved_runs.c.pinned.is_(False), too_old))
    delete_unused(connection)
    held = _held(connection)
    wanted = held + room_for
    if wanted.fits(bounds.count, bounds.megabytes):
        return held
    rows = connection.execute(select(saved_runs).order_by(saved_runs.c.pinned, saved_runs.c.at)).all()
    gone = _victims(rows, wanted.count - bounds.count, by_bytes=False)
    rows = [row for row in rows if row.id not in gone]
    size = sum({row.run: row.bytes for row in rows}.values())  # visitors share runs
    gone |= _victims(rows, size + room_for.bytes - int(bounds.megabytes * 2**20), by_bytes=True)
    _delete(connection, gone)
    return _held(connection)


def make_room(connection: Connection, visitor: str, size: int, bounds: Bounds) -> Held | None:
    """Make room for another run of `size` bytes among the visitor's own; None if there is room.

    It deletes their oldest entries that are not pinned, but none of the last hour. Without room it deletes nothing and
    returns what they have.
    """
    mine = select(saved_runs).where(saved_runs.c.visitor == visitor).order_by(saved_runs.c.at)
    rows = connection.execute(mine).all()
    held, gone = Held(len(rows), sum(row.bytes for row in rows)), set()
    left = held
    for row in (row for row in rows if _old(row) and not row.pinned):
        if _has_room(left, size, bounds):
            break
        gone.add(row.id)
        left = Held(left.count - 1, left.bytes - row.bytes)
    if not _has_room(left, size, bounds):
        return held
    _delete(connection, gone)
    return None


def delete_unused(connection: Connection) -> None:
    """Delete runs that no entry needs."""
    connection.execute(delete(runs).where(~exists().where(saved_runs.c.run == runs.c.id)))


def _has_room(held: Held, size: int, bounds: Bounds) -> bool:
    return (held + Held(1, size)).fits(bounds.count_per_visitor, bounds.megabytes_per_visitor)


def _old(row: Row[tuple[object, ...]]) -> bool:
    return bool(row.at < time.time() - FRESH)


def _held(connection: Connection) -> Held:
    count = connection.execute(select(func.count()).select_from(saved_runs)).scalar_one()
    return Held(count, int(connection.execute(select(func.coalesce(func.sum(runs.c.bytes), 0))).scalar_one()))


def _victims(rows: Iterable[Row[tuple[object, ...]]], excess: int, *, by_bytes: bool) -> set[str]:
    """Which entries to delete so that `excess` entries, or bytes, are free. `rows` are in the order of one visitor.

    Of visitors who have the same, the one with the oldest entry loses. A run that several entries need is free with the
    last of them.
    """
    evictable: defaultdict[str, deque[Row[tuple[object, ...]]]] = defaultdict(deque)
    sizes: Counter[str] = Counter()
    needed: Counter[int] = Counter()
    for row in rows:
        sizes[row.visitor] += row.bytes if by_bytes else 1
        needed[row.run] += 1
        if _old(row):
            evictable[row.visitor].append(row)
    largest = [(-sizes[visitor], line[0].at, visitor) for visitor, line in evictable.items()]
    heapq.heapify(largest)
    gone: set[str] = set()
    while excess > 0 and largest:
        size, _, visitor = heapq.heappop(largest)
        line = evictable[visitor]
        row = line.popleft()
        gone.add(row.id)
        needed[row.run] -= 1
        if not by_bytes or not needed[row.run]:
            excess -= row.bytes if by_bytes else 1
        if line:
            heapq.heappush(largest, (size + (row.bytes if by_bytes else 1), line[0].at, visitor))
    return gone


def _delete(connection: Connection, ids: set[str]) -> None:
    some = sorted(ids)
    for at in range(0, len(some), _AT_ONCE):
        connection.execute(delete(saved_runs).where(saved_runs.c.id.in_(some[at : at + _AT_ONCE])))
    if some:
        delete_unused(connection)
