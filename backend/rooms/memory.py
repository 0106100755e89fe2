"""The rooms of this server in memory. They are read from the database once, and again when another server changed them.

A page never reads the database to draw a room: a hundred tabs cost as much as one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TypeVar

from sqlalchemy import Connection

from backend.database import Database
from backend.database.identity import identity, lasting_identity
from backend.rooms import store
from backend.rooms.known import KnownRooms
from backend.rooms.listeners import Listener, Listeners
from backend.rooms.model import Answer, Answers, Participant, Room, RoomView
from backend.rooms.recovery import put_back

#: Seconds after the last use in which a room stays in memory.
_KEEP = 120.0
T = TypeVar("T")
#: An answer by step, round and number.
Key = tuple[int, int, int]


@dataclass
class _Entry:
    view: RoomView
    stamp: store.Stamp
    database: str  # the id of the database that has it
    used: float = field(default_factory=time.monotonic)
    changes: int = 0  # made by this server
    unsaved: dict[Key, Answer] = field(default_factory=dict)
    saving: bool = False  # a write that saves them waits
    cleared: int = 0  # how often a question lost its answers: what waits since before saves nothing
    late: int = 0  # actions of the host that wait to be stored
    returns: bool = False  # a write that puts it back into its database waits


class RoomMemory:
    """The rooms that somebody looks at. Safe from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._entries: dict[str, _Entry] = {}
        self._listeners = Listeners()
        self._lock = Lock()
        self.known = KnownRooms(database)

    def view(self, id: str) -> RoomView | None:
        """The room as this server knows it; None where there is no such room. Raises `Unavailable`."""
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
        """The room if this server knows it. That is no use of it."""
        with self._lock:
            entry = self._entries.get(id)
            return entry.view if entry is not None else None

    def reload(self, id: str) -> None:
        """Read the room if it has changed in the database. What this server has not saved yet is kept.

        A room that is missing was deleted; but where the database is another one, the room is put back into it.
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
            now = self._entries.get(id)
            if now is None and known is not None:
                return  # it was dropped meanwhile
            if now is None:
                self._entries[id] = _Entry(view, stamp, database)
            elif before is None or now.changes != before[1]:
                return  # it was read or changed here meanwhile: the next time
            elif now.late and now.view.room.version > view.room.version:
                return  # its newer state is not saved yet
            else:
                old, now.stamp = now.view.room.version, stamp
                now.view = replace(view.with_answers(now.unsaved), unsaved=len(now.unsaved))
                if old == view.room.version:
                    return
        self.tell(id)

    def whole(self, id: str, work: store.Work[T]) -> store.Work[T]:
        """`work`, before which the room is put back if the database has lost it."""

        def after(connection: Connection) -> T:
            self._restore(connection, id)
            return work(connection)

        return after

    def _restore(self, connection: Connection, id: str) -> str:
        """Put the room back if this is not the database that had it. Returns the id of the database."""
        found = lasting_identity(connection)
        with self._lock:
            entry = self._entries.get(id)
            lost = entry.view if entry is not None and entry.database != found else None
        if lost is not None:
            put_back(connection, lost)
        return found

    def _put_back(self, id: str, entry: _Entry) -> None:
        """Have the room put back as soon as the database allows. All that was committed before is in its view then."""
        with self._lock:
            if entry.returns:
                return
            entry.returns = True
        found: list[str] = []

        def end(back: bool) -> None:
            with self._lock:
                entry.returns = False
                if back:
                    entry.database, entry.stamp = found[-1], ()

        self._database.write(
            lambda connection: found.append(self._restore(connection, id)), lambda: end(True), lambda: end(False)
        )

    def drop(self, id: str) -> None:
        """The room is gone."""
        with self._lock:
            gone = self._entries.pop(id, None)
        if gone is not None:
            self.tell(id)

    def drop_unused(self) -> list[str]:
        """Drop rooms that nobody looks at, and return their ids."""
        since = time.monotonic() - _KEEP
        with self._lock:
            unused = [
                id for id, entry in self._entries.items()
                if entry.used < since and not (entry.unsaved or entry.returns or self._listeners.any(id))
            ]  # fmt: skip
            for id in unused:
                del self._entries[id]
        return unused

    def set_room(self, room: Room, answers: Mapping[tuple[int, int], Answers] | None = None) -> None:
        """The room has a new state, unless a newer one is known. `answers` are those that were stored before it."""
        stored = {
            (step, round, number): given
            for (step, round), found in (answers or {}).items()
            for number, given in found.items()
        }

        def change(view: RoomView) -> RoomView:
            return replace(view.with_answers(stored), room=room) if view.room.version <= room.version else view

        self._change(room.id, change)
        self.tell(room.id)

    def wait_for_action(self, id: str) -> None:
        """An action of the host is stored later: until then, this server's state is the newer one."""
        with self._lock:
            entry = self._entries.get(id)
            if entry is not None:
                entry.late += 1

        def ended() -> None:
            with self._lock:
                now = self._entries.get(id)
                if now is entry and now is not None:
                    now.late, now.stamp = now.late - 1, ()  # it was stored or dropped: the database says

        self._database.write(lambda connection: None, ended)

    def set_participant(self, id: str, who: Participant, visitor: str | None = None) -> None:
        """A participant is new or has changed; `visitor` is a device of theirs."""

        def change(view: RoomView) -> RoomView:
            devices = {**view.devices, visitor: who.number} if visitor else view.devices
            return replace(view, participants={**view.participants, who.number: who}, devices=devices)

        self._change(id, change)

    def set_answer(self, id: str, key: Key, given: Answer) -> None:
        """An answer was stored."""
        with self._lock:
            entry = self._entries.get(id)
            if entry is not None and (waits := entry.unsaved.get(key)) is not None and waits.at <= given.at:
                del entry.unsaved[key]
        self._change(id, lambda view: view.with_answers({key: given}))

    def set_unsaved(self, id: str, key: Key, given: Answer) -> bool:
        """An answer was given that cannot be stored now. It is counted, and saved as soon as the database allows.

        False, and it is not counted, where its question has ended meanwhile and the database knows that.
        """
        with self._lock:
            entry = self._entries.get(id)
            if entry is None:
                return False
            state = entry.view.room.state
            if not entry.late and not (state.open and (state.step, state.round) == key[:2]):
                return False  # the host's action was stored before, and this answer comes after it
            entry.unsaved[key] = given
            entry.view = replace(entry.view.with_answers({key: given}), unsaved=len(entry.unsaved))
            entry.changes += 1
        self.save(id)
        return True

    def has_unsaved(self, id: str) -> bool:
        """Whether answers wait until the database works again."""
        with self._lock:
            entry = self._entries.get(id)
            return entry is not None and bool(entry.unsaved)

    def save(self, id: str) -> None:
        """Have all answers saved that are not, as soon as the database allows: by one write, however many there are."""
        with self._lock:
            entry = self._entries.get(id)
            if entry is None or entry.saving or not entry.unsaved:
                return
            entry.saving, cleared = True, entry.cleared
        stored: dict[Key, Answer] = {}

        def work(connection: Connection) -> None:
            stored.clear()
            with self._lock:
                if self._entries.get(id) is entry and entry.cleared == cleared:
                    stored.update(entry.unsaved)
            self._restore(connection, id)
            store.answer_late(connection, id, stored)

        def end(saved: bool) -> None:
            with self._lock:
                if entry.cleared != cleared:
                    return
                entry.saving = False
                if saved:
                    entry.unsaved = {key: given for key, given in entry.unsaved.items() if stored.get(key) is not given}
                entry.view = replace(entry.view, unsaved=len(entry.unsaved))

        self._database.write(work, lambda: end(True), lambda: end(False))

    def clear_answers(self, id: str, step: int, first: int) -> None:
        """The question loses the answers of its rounds from `first` on."""

        def stays(step_of: int, round: int) -> bool:
            return step_of != step or round < first

        with self._lock:
            entry = self._entries.get(id)
            if entry is not None:
                entry.unsaved = {key: given for key, given in entry.unsaved.items() if stays(*key[:2])}
                entry.cleared, entry.saving = entry.cleared + 1, False
        self._change(
            id, lambda view: replace(view, answers={key: of for key, of in view.answers.items() if stays(*key)})
        )

    def listen(self, id: str, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each new version of the room, from any thread. Returns what ends this."""
        return self._listeners.add(id, listener)

    def version(self, id: str) -> int:
        """The version that this server knows; 0 where it knows none."""
        with self._lock:
            entry = self._entries.get(id)
            return entry.view.room.version if entry is not None else 0

    def _change(self, id: str, change: Callable[[RoomView], RoomView]) -> None:
        with self._lock:
            entry = self._entries.get(id)
            if entry is not None:
                entry.view = replace(change(entry.view), unsaved=len(entry.unsaved))
                entry.changes += 1

    def tell(self, id: str) -> None:
        """Tell all listeners that the room has changed."""
        self._listeners.tell(id, self.version(id))
