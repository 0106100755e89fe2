"""Which rooms exist. Many requests for rooms that do not exist cause at most two reads of the database a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from sqlalchemy import Connection, select

from backend.database import Database
from backend.database.tables import rooms

#: Seconds for which a room that the database did not have is unknown, without another look.
_FRESH = 0.5


class KnownRooms:
    """The ids of all rooms. If a room is missing, they are at most half a second old. Safe from any thread."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._ids: set[str] = set()
        self._added: set[str] = set()  # since the last look began
        self._at = float("-inf")  # when the last successful look began; `_look` is its number
        self._look = self._begun = 0
        self._lock, self._reading = Lock(), Lock()

    def add(self, id: str) -> None:
        """Add a room that this server opened or found in the database."""
        with self._lock:
            self._ids.add(id)
            self._added.add(id)

    def discard(self, id: str) -> None:
        """Remove a room that is gone."""
        with self._lock:
            self._ids.discard(id)
            self._added.discard(id)

    def lacks(self, id: str) -> bool:
        """Whether there was no such room at most half a second ago."""
        with self._lock:
            return self._clock() - self._at < _FRESH and id not in self._ids

    def has(self, id: str) -> bool:
        """Whether there is such a room. Raises `Unavailable`."""
        with self._lock:
            if id in self._ids:
                return True
            begun = self._begun
        with self._reading:  # the others wait for what one of them reads
            if self.lacks(id):
                return False
            with self._lock:
                if self._look > begun:  # it began after this call, however long it took
                    return id in self._ids
                self._added = set()
                self._begun += 1
            at, ids = self._clock(), self._database.read(_ids)
            with self._lock:
                self._ids, self._at, self._look = ids | self._added, at, self._begun
                return id in self._ids


def _ids(connection: Connection) -> set[str]:
    return set(connection.execute(select(rooms.c.id)).scalars())
