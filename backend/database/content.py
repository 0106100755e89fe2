"""What visitors store, under ids that are made of the content: bounded, and deleted after some days."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from cachetools import TTLCache
from sqlalchemy import Connection, Table, delete, func, select

from backend.database.database import Database
from backend.database.upsert import upsert

T = TypeVar("T")
#: How many values stay in memory, for pages that are drawn before the database has them, and for how many seconds: a
#: value that was deleted on another server is found no longer than that.
_IN_MEMORY, _SECONDS = 64, 60.0


class ContentStore(Generic[T]):
    """Values in a table with the columns `id`, `packed`, `bytes` and `at`. `read` makes a value of its bytes.

    The oldest are deleted if there are more than `most`, or more bytes than `most_bytes`. `gone` deletes what else
    belongs to a value, in the same transaction. Writes happen in the background. Safe from any thread.
    """

    def __init__(
        self, database: Database, table: Table, read: Callable[[bytes], T], days: float, most: int, most_bytes: int,
        gone: Callable[[Connection, str], None] = lambda connection, id: None,
    ) -> None:  # fmt: skip
        self._database, self._table, self._unpack = database, table, read
        self._gone = gone
        self.days, self._most, self._most_bytes = days, most, most_bytes
        self._recent: TTLCache[str, T] = TTLCache(_IN_MEMORY, _SECONDS)
        self._deleted: TTLCache[str, bool] = TTLCache(10_000, 60 * _SECONDS)  # those that the database may still have
        self._lock = Lock()

    def keep(
        self, id: str, value: T, packed: bytes, also: Callable[[Connection], None] = lambda connection: None
    ) -> None:
        """Store a value with its bytes, and do `also` in the same transaction.

        If it is stored already, its days begin again.
        """
        with self._lock:
            self._recent[id] = value
            self._deleted.pop(id, None)
        row = {"id": id, "packed": packed, "bytes": len(packed), "at": time.time()}

        def work(connection: Connection) -> None:
            self._write(connection, row)
            also(connection)

        self._database.write(work)

    def find(self, id: str) -> T | None:
        """The value with that id; None if there is none. Raises `Unavailable` without the database."""
        with self._lock:
            if id in self._recent:
                return self._recent[id]
            if id in self._deleted:
                return None
        since, columns = time.time() - self._seconds, self._table.c
        query = select(columns.packed).where(columns.id == id, columns.at > since)
        packed = self._database.read(lambda connection: connection.execute(query).scalar())
        if packed is None:
            return None
        value = self._unpack(bytes(packed))
        with self._lock:
            if id in self._deleted:
                return None
            self._recent[id] = value
        return value

    def delete(self, id: str) -> None:
        """Delete the value with that id, for everybody who has the link."""
        with self._lock:
            self._recent.pop(id, None)
            self._deleted[id] = True
        self._database.write(lambda connection: self.delete_row(connection, id))

    def forget(self, id: str) -> None:
        """Drop the value with that id from memory, after `delete_row` has deleted it."""
        with self._lock:
            self._recent.pop(id, None)

    def delete_row(self, connection: Connection, id: str) -> None:
        """Delete the value with that id, and what else belongs to it, in a transaction of the caller's."""
        connection.execute(delete(self._table).where(self._table.c.id == id))
        self._gone(connection, id)

    @property
    def _seconds(self) -> float:
        return self.days * 24 * 3600

    def _write(self, connection: Connection, row: dict[str, object]) -> None:
        upsert(connection, self._table, [row])
        columns = self._table.c
        over = select(columns.id).where(columns.at < time.time() - self._seconds)
        for id in connection.execute(over).scalars().all():
            self.delete_row(connection, id)
        count, size = connection.execute(select(func.count(), func.coalesce(func.sum(columns.bytes), 0))).one()
        if count <= self._most and size <= self._most_bytes:
            return
        oldest = connection.execute(select(columns.id, columns.bytes).order_by(columns.at)).all()
        for id, bytes_ in oldest[:-1]:
            if count <= self._most and size <= self._most_bytes:
                break
            self.delete_row(connection, id)
            count, size = count - 1, size - bytes_
