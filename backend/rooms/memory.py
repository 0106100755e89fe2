"""The rooms of this server in memory. They are read once, and again when another server has changed them.

A page never reads the database to draw a room: a hundred tabs cost as much as one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, TypeVar

from backend.database import Database
from backend.rooms import store
from backend.rooms.known import KnownRooms
from backend.rooms.listeners import Listener, Listeners
from backend.rooms.model import Answer, Key, Participant, Room, RoomView

#: Seconds after the last use in which a room stays in memory.
_KEEP = 120.0
T = TypeVar("T")


@dataclass
class _Entry:
    view: RoomView
    stamp: store.Stamp
    used: float = field(default_factory=time.monotonic)
    changes: int = 0  # made by this server


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
        """Read the room if it has changed in the database."""
        with self._lock:
            known = self._entries.get(id)
            before = (known.stamp, known.changes) if known else None
        stamp = self._database.read(lambda connection: store.stamp(connection, id))
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
                self._entries[id] = _Entry(view, stamp)
            elif before is None or current.changes != before[1]:
                return  # it was read or changed here meanwhile; the next reload compares again
            else:
                old, current.stamp, current.view = current.view.room.version, stamp, view
                if old == view.room.version:
                    return
        self.notify(id)

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
                if entry.used < since and not self._listeners.has_any(id)
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
