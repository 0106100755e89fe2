"""The rooms of this server in memory. They are read once, and again when another server has changed them.

A page never reads the database to draw a room: a hundred tabs cost as much as one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection

from backend.database import Database
from backend.database.identity import identity, lasting_identity
from backend.rooms import store
from backend.rooms.known import KnownRooms
from backend.rooms.listeners import Listener, Listeners
from backend.rooms.model import Answer, Key, Participant, Room, RoomView
from backend.rooms.recovery import put_back

#: Seconds after the last use in which a room stays in memory.
_KEEP = 120.0
T = TypeVar("T")


@dataclass
class _Entry:
    view: RoomView
    stamp: store.Stamp
    database: str  # the id of the database that has it
    used: float = field(default_factory=time.monotonic)
    changes: int = 0  # made by this server
    being_restored: bool = False  # a write that puts it back into the database is waiting


class RoomMemory:
    """The rooms that somebody looks at. Safe from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._entries: dict[str, _Entry] = {}
        self._listeners = Listeners()
        self._lock = Lock()
        self.known = KnownRooms(database)

    def view(self, id: str) -> RoomView | None:
        """The room as this server knows it; None if there is no such room. Raises `Unavailable`."""
        with self._lock:
            entry = self._entries.get(id)
            if entry is not None:
                entry.used = time.monotonic()
                return entry.view
        if self.known.has(id):
            self.reload(id)
        return self.peek(id)

    def ids(self) -> list[str]:
        """The rooms that this server knows."""
        with self._lock:
            return list(self._entries)

    def peek(self, id: str) -> RoomView | None:
        """The room if this server knows it. This does not count as a use."""
        with self._lock:
            entry = self._entries.get(id)
            return entry.view if entry is not None else None

    def reload(self, id: str) -> None:
        """Read the room if it has changed in the database.

        A missing room was deleted, unless the database is another one: then the room is put back into it.
        """
        with self._lock:
            known = self._entries.get(id)
            before = (known.stamp, known.changes, known.database) if known else None
        stamp, database = self._database.read(lambda connection: (store.stamp(connection, id), identity(connection)))
        if known is not None and before is not None and before[2] != database:
            self._put_back(id, known)
            return
        if stamp is None:
            self.known.discard(id)
            self.drop(id)
            return
        if before is not None and before[0] == stamp:
            return
        view = self._database.read(lambda connection: store.read(connection, id))
        if view is None:
            return
        with self._lock:
            current = self._entries.get(id)
            if current is None and known is not None:
                return  # it was dropped meanwhile
            if current is None:
                self._entries[id] = _Entry(view, stamp, database)
            elif before is None or current.changes != before[1]:
                return  # it was read or changed here meanwhile; the next reload compares again
            else:
                old, current.stamp, current.view = current.view.room.version, stamp, view
                if old == view.room.version:
                    return
        self.notify(id)

    def with_restore(self, id: str, work: store.Work[T]) -> store.Work[T]:
        """`work`, preceded by putting the room back if the database has lost it."""

        def restore_and_work(connection: Connection) -> T:
            self._restore(connection, id)
            return work(connection)

        return restore_and_work

    def _restore(self, connection: Connection, id: str) -> str:
        """Put the room back if this is not the database that had it. Returns the id of the database."""
        database = lasting_identity(connection)
        with self._lock:
            entry = self._entries.get(id)
            lost = entry.view if entry is not None and entry.database != database else None
        if lost is not None:
            put_back(connection, lost)
            self._database.presence.renew(connection)  # or another server takes this one for stopped
        return database

    def _put_back(self, id: str, entry: _Entry) -> None:
        """Put the room back as soon as the database can be written. Its view then has all that was committed."""
        with self._lock:
            if entry.being_restored:
                return
            entry.being_restored = True
        databases: list[str] = []

        def end(back: bool) -> None:
            with self._lock:
                entry.being_restored = False
                if back:
                    entry.database, entry.stamp = databases[-1], ()

        self._database.write(
            lambda connection: databases.append(self._restore(connection, id)), lambda: end(True), lambda: end(False)
        )

    def drop(self, id: str) -> None:
        """Remove from memory a room that was deleted, and tell its listeners."""
        with self._lock:
            gone = self._entries.pop(id, None)
        if gone is not None:
            self.notify(id)

    def drop_unused(self) -> list[str]:
        """Drop rooms that nobody looks at, and return their ids."""
        since = time.monotonic() - _KEEP
        with self._lock:
            unused = [
                id for id, entry in self._entries.items()
                if entry.used < since and not (entry.being_restored or self._listeners.has_any(id))
            ]  # fmt: skip
            for id in unused:
                del self._entries[id]
        return unused

    def set_room(self, room: Room, **values: Any) -> None:
        """Set the state of the room, and these values of its view, unless a newer state is known."""
        self._change(
            room.id, lambda view: replace(view, room=room, **values) if view.room.version <= room.version else view
        )
        self.notify(room.id)

    def set_participant(self, id: str, who: Participant, visitor: str | None = None) -> None:
        """Add or replace a participant; `visitor` is a device of theirs."""

        def change(view: RoomView) -> RoomView:
            devices = {**view.devices, visitor: who.number} if visitor else view.devices
            return replace(view, participants={**view.participants, who.number: who}, devices=devices)

        self._change(id, change)

    def set_answer(self, id: str, key: Key, answer: Answer) -> None:
        """Add an answer that was stored."""
        self._change(id, lambda view: view.with_answer(key, answer))

    def listen(self, id: str, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each new version of the room, from any thread. Returns a function that ends this."""
        return self._listeners.add(id, listener)

    def version(self, id: str) -> int:
        """The version that this server knows; 0 if it knows none."""
        with self._lock:
            entry = self._entries.get(id)
            return entry.view.room.version if entry is not None else 0

    def _change(self, id: str, change: Callable[[RoomView], RoomView]) -> None:
        with self._lock:
            entry = self._entries.get(id)
            if entry is not None:
                entry.view, entry.stamp = change(entry.view), ()  # read it again: another server may have changed it
                entry.changes += 1

    def notify(self, id: str) -> None:
        """Tell all listeners that the room has changed."""
        self._listeners.notify(id, self.version(id))
