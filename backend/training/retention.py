"""How long saved runs are kept: bounds by age, count and size."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, exists, func, select

from backend.database.tables import runs, saved_runs


@dataclass(frozen=True)
class Bounds:
    """The most that is kept. A pinned entry does not age, and is deleted after all others."""

    days: float = 90
    count: int = 100_000
    megabytes: float = 4_000


def prune(connection: Connection, bounds: Bounds) -> None:
    """Delete the visitors' entries beyond the bounds, oldest first, and runs that no entry needs."""
    too_old = saved_runs.c.at < time.time() - bounds.days * 24 * 3600
    connection.execute(delete(saved_runs).where(saved_runs.c.pinned.is_(False), too_old))
    _delete_oldest(connection, _count(connection) - bounds.count)
    delete_unused(connection)
    while (entries := _count(connection)) and _bytes(connection) > bounds.megabytes * 2**20:
        # Some at a time: visitors share runs, so that deleting one entry may free nothing.
        some, unpinned = max(entries // 20, 1), _count(connection, saved_runs.c.pinned.is_(False))
        _delete_oldest(connection, min(some, unpinned) or some)
        delete_unused(connection)


def delete_unused(connection: Connection) -> None:
    """Delete runs that no entry needs."""
    connection.execute(delete(runs).where(~exists().where(saved_runs.c.run == runs.c.id)))


def _count(connection: Connection, *which: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(saved_runs).where(*which)).scalar_one()


def _bytes(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.sum(runs.c.bytes), 0))).scalar_one())


def _delete_oldest(connection: Connection, count: int) -> None:
    if count > 0:
        oldest = select(saved_runs.c.id).order_by(saved_runs.c.pinned, saved_runs.c.at).limit(count)
        connection.execute(delete(saved_runs).where(saved_runs.c.id.in_(oldest)))
