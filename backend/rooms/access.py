"""Which server has a room: each server keeps the rooms in use in memory, and the database has all of them.

A page never reads the database to draw a room: a hundred tabs cost as much as one. A room is read once. What this
server changes is changed in memory as soon as it is committed, and what another server has changed is read from the
database, by a stamp that changes with anything in the room. A room that the database has no more ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from sqlalchemy import Connection

from backend.database import Database, Unavailable
from backend.rooms import store
from backend.rooms.model import Participant, RoomRefused, RoomUnavailable, RoomView

#: Seconds after the last use in which a room stays in memory.
_KEEP = 120.0
#: Seconds for which a room that the database did not have is unknown, without another look: many requests for rooms
#: that do not exist cause at most two reads a second.
_UNKNOWN = 0.5
#: How often a room is read again because it was changed here meanwhile. In a large class that happens at each answer.
_TRIES = 3


@dataclass
class _Entry:
    view: RoomView
    stamp: store.Stamp  # of what was read last; empty after a change by this server
    used: float = field(default_factory=time.monotonic)


class RoomAccess:
    """The rooms in memory and in the database. Safe from any thread.

    Whatever cannot be read or saved raises RoomRefused, with a sentence.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._entries: dict[str, _Entry] = {}
        #: Gets the id of each room that has another version, or was deleted, from any thread.
        self.told: Callable[[str], object] = lambda id: None
        self._lock = Lock()
        self._ids: set[str] = set()  # the rooms in the database, as they were at the time `_looked_at`
        self._looked_at = float("-inf")
        self._looking = Lock()

    def view(self, id: str) -> RoomView | None:
        """The room as it is now; None if there is none. Raises RoomRefused if it cannot be read."""
        try:
            if id not in self._entries and self._exists(id):
                self._reload(id)
        except Unavailable as error:
            raise RoomUnavailable(f"The room cannot be read now, because {error}.") from None
        view = self.peek(id)
        if view is None and id in self._entries:
            raise RoomRefused("The lesson of this room cannot be read: another version of Two Heads opened it.")
        return view

    def existing(self, id: str) -> RoomView:
        """The room as it is now. Raises RoomRefused if there is none."""
        view = self.view(id)
        if view is None:
            raise RoomRefused("This room does not exist any more.")
        return view

    def peek(self, id: str) -> RoomView | None:
        """The room if it is in memory, and if this server can read its lesson. This reads no database."""
        entry = self._entries.get(id)
        if entry is None or not entry.view.room.readable:
            return None
        entry.used = time.monotonic()
        return entry.view

    def read(self, work: store.Work[store.T]) -> store.T:
        """What `work` returns, which only reads. Raises RoomRefused."""
        try:
            return self.database.read(work)
        except Unavailable as error:
            raise RoomUnavailable(f"The room cannot be read now, because {error}.") from None

    def commit(
        self,
        id: str,
        work: store.Work[store.T],
        then: Callable[[store.T], object] = lambda result: None,
        seconds: float = 2.0,
    ) -> store.T:
        """What `work` returns, once it is committed; `then` is called with that before the next commit.

        If `work` raises RoomRefused, so does this, and `then` is not called. The room is read again then: another
        server may have changed it. Raises RoomUnavailable if nothing can be saved within `seconds`. Then `work` is not
        done later, unless it was being committed at that moment (`Database.commit`).
        """

        def caught(connection: Connection) -> store.T | RoomRefused:
            try:
                return work(connection)
            except RoomRefused as reason:
                return reason

        def told(result: store.T | RoomRefused) -> None:
            if not isinstance(result, RoomRefused):
                then(result)

        try:
            result = self.database.commit(caught, seconds, told)
        except Unavailable as error:
            raise RoomUnavailable(f"Nothing can be saved now, because {error}. Try again in a moment.") from None
        if isinstance(result, RoomRefused):
            self.reload(id)
            raise result
        return result

    def change_participant(self, id: str, number: int, **values: Any) -> None:
        """Change the alias or the pace of a participant. Raises RoomRefused."""
        who = self.existing(id).participants.get(number)
        if who is None:
            raise RoomRefused("There is no such participant.")
        self.commit(
            id,
            lambda connection: store.set_participants(connection, id, [number], **values),
            lambda done: self.set_participant(id, replace(who, **values)),
        )

    def reload(self, id: str) -> None:
        """Read the room if it has changed. If that is impossible, what is in memory stays."""
        try:
            self._reload(id)
        except Unavailable:
            pass

    def set_participant(self, id: str, who: Participant, visitor: str | None = None) -> None:
        """Add or replace a stored participant in memory; `visitor` is a device of theirs."""

        def change(view: RoomView) -> RoomView:
            devices = {**view.devices, visitor: who.number} if visitor else view.devices
            return replace(view, participants={**view.participants, who.number: who}, devices=devices)

        self.change(id, change)

    def change(self, id: str, change: Callable[[RoomView], RoomView]) -> None:
        """Change the room in memory, as it was changed in the database."""
        with self._lock:
            if (entry := self._entries.get(id)) is not None:
                # Without a stamp it is read again: another server may have changed it, too.
                self._entries[id] = replace(entry, view=change(entry.view), stamp=())

    def drop(self, id: str) -> None:
        """Remove a room that was deleted, and tell so."""
        with self._lock:
            gone = self._entries.pop(id, None)
        if gone is not None:
            self.told(id)

    def drop_unused(self) -> None:
        """Drop rooms at which nobody looks from memory. A phone with a stream looks every 15 seconds."""
        since = time.monotonic() - _KEEP
        with self._lock:
            for id, entry in list(self._entries.items()):
                if entry.used < since:
                    del self._entries[id]

    def _exists(self, id: str) -> bool:
        """Whether there is such a room. No other text from an address reaches the database. Raises `Unavailable`."""
        with self._looking:  # the others wait for what one of them reads
            if time.monotonic() - self._looked_at > _UNKNOWN:
                self._ids = self.database.read(store.ids)
                self._looked_at = time.monotonic()
            return id in self._ids

    def _reload(self, id: str) -> None:
        """Read the room if the database has another state of it. Raises `Unavailable`.

        What another thread puts into memory meanwhile may be older than what was read, so it is compared again.
        """
        for _ in range(_TRIES):
            if self._reloaded(id):
                return

    def _reloaded(self, id: str) -> bool:
        """Whether the room in memory is as the database had it, or newer. Raises `Unavailable`."""
        entry = self._entries.get(id)
        stamp, view = self.database.read(
            lambda connection: store.read_changed(connection, id, entry.stamp if entry is not None else ())
        )
        if not stamp:
            self.drop(id)
        if view is None:
            return True
        with self._lock:
            if self._entries.get(id) is not entry:
                return False  # it was read, changed or dropped here meanwhile
            self._entries[id] = _Entry(view, stamp) if entry is None else replace(entry, view=view, stamp=stamp)
        if entry is None or entry.view.room.version != view.room.version:
            self.told(id)
        return True
