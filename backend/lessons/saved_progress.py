"""What visitors predicted in lessons, in the database, so that they continue after a restart of the server."""

from __future__ import annotations

import time
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from threading import Lock

from cachetools import LRUCache
from sqlalchemy import Connection, delete, func, select

from backend.database import Database, Unavailable
from backend.database.tables import lesson_progress
from backend.database.upsert import upsert
from backend.database.visitors import hashed
from backend.predictions import MOST_SUBJECTS, MOST_VISITORS

#: The most rows of all visitors; the oldest are deleted first.
MOST_ROWS = 500_000
#: Seconds between two checks of the bounds.
_PRUNE_SECONDS = 60.0

Subject = tuple[str, ...]


@dataclass
class _Own:
    """What is known of one visitor. A value of None is deleted. `read` says whether the database was read."""

    values: MutableMapping[str, str | None] = field(default_factory=lambda: LRUCache(maxsize=MOST_SUBJECTS))
    read: bool = False


class SavedProgress:
    """Values by visitor and subject, in memory and in the database.

    A visitor's values are read once, when they are needed first. While the database cannot be read, the memory
    answers with what it has. Nobody waits for a write. Safe from any thread.
    """

    def __init__(self, database: Database, days: float = 90, visitors: int = MOST_VISITORS) -> None:
        self._database = database
        self._days = days
        self._known: LRUCache[str, _Own] = LRUCache(maxsize=visitors)
        #: What is not in the database yet: it outlives a visitor's place in the memory.
        self._waiting: dict[tuple[str, str], tuple[str | None]] = {}
        self._lock = Lock()
        self._pruned_at = float("-inf")

    def predict(self, subject: Subject, visitor: str, option: str | None) -> None:
        """Keep the visitor's value, and save it soon; None deletes it."""
        me, name = hashed(visitor), _name(subject)
        self._read(me)
        waiting = (option,)
        with self._lock:
            own = self._of(me)
            if own.values.get(name) == option and (name in own.values or own.read):
                return  # every run of a page says where its visitor is
            own.values[name] = option
            self._waiting[me, name] = waiting
        self._database.write(
            lambda connection: self._write(connection, me, name, option), lambda: self._written(me, name, waiting)
        )

    def predicted(self, subject: Subject, visitor: str) -> str | None:
        """The visitor's value; None where there is none."""
        me = hashed(visitor)
        self._read(me)
        with self._lock:
            return self._of(me).values.get(_name(subject))

    def _read(self, me: str) -> None:
        """Read the visitor's values if that was not done. What was changed meanwhile stays."""
        with self._lock:
            if me in self._known and self._known[me].read:
                return
        mine = select(lesson_progress.c.subject, lesson_progress.c.value).where(lesson_progress.c.visitor == me)
        latest = mine.order_by(lesson_progress.c.at.desc()).limit(MOST_SUBJECTS)
        try:
            rows = self._database.read(lambda connection: connection.execute(latest).all())
        except Unavailable:
            return
        with self._lock:
            own = self._of(me)
            changed = dict(own.values)
            own.values.update({row.subject: row.value for row in reversed(rows)} | changed)
            own.read = True

    def _of(self, me: str) -> _Own:
        """The visitor's values in memory. The lock is held."""
        if me not in self._known:
            own = self._known[me] = _Own()
            own.values.update({name: value for (who, name), (value,) in self._waiting.items() if who == me})
        return self._known[me]

    def _write(self, connection: Connection, me: str, name: str, value: str | None) -> None:
        table = lesson_progress.c
        if value is None:
            connection.execute(delete(lesson_progress).where(table.visitor == me, table.subject == name))
        else:
            upsert(connection, lesson_progress, [{"visitor": me, "subject": name, "value": value, "at": time.time()}])
        if time.monotonic() - self._pruned_at > _PRUNE_SECONDS:
            self._pruned_at = time.monotonic()
            prune(connection, self._days)

    def _written(self, me: str, name: str, waiting: tuple[str | None]) -> None:
        with self._lock:
            if self._waiting.get((me, name)) is waiting:
                del self._waiting[me, name]


def prune(connection: Connection, days: float, rows: int = MOST_ROWS) -> None:
    """Delete what is older than so many days, and the oldest beyond so many rows."""
    table = lesson_progress.c
    connection.execute(delete(lesson_progress).where(table.at < time.time() - days * 24 * 3600))
    more = connection.execute(select(func.count()).select_from(lesson_progress)).scalar_one() - rows
    if more > 0:
        last = select(table.at).order_by(table.at).offset(more - 1).limit(1).scalar_subquery()
        connection.execute(delete(lesson_progress).where(table.at <= last))


def _name(subject: Subject) -> str:
    """The subject as text. No part of it contains a slash."""
    return "/".join(subject)
