"""The rooms of this server: open, find, and keep up to date. Several servers may serve one room from one database."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event, Lock, Thread

from sqlalchemy import Connection

from backend.database import Database, Unavailable
from backend.database.visitors import hashed
from backend.lessons.lesson import Lesson
from backend.rooms import capacity, store, tokens
from backend.rooms.access import RoomAccess
from backend.rooms.host import Host
from backend.rooms.lookups import PASSPHRASES, Admission, Lookups
from backend.rooms.machine import State
from backend.rooms.model import Room, RoomRefused, RoomView
from backend.rooms.people import People
from backend.rooms.training import SeedTraining

log = logging.getLogger(__name__)

_UNKNOWN = "There is no room with this code. A code has six characters: letters and digits."

#: Seconds between two looks at the database for changes by other servers, and between two looks for expired rooms.
_TICK, _EXPIRE = 0.5, 60.0


@dataclass(frozen=True)
class OpenedRoom:
    """A room that was opened, with the token of its host, which is stored nowhere else."""

    room: Room
    host: str


class Rooms(RoomAccess):
    """All rooms. `host` leads them, `people` lets visitors join and answer, and `training` has their runs.

    Safe from any thread.
    With a `passphrase`, only those who have given it open rooms (`admission`). `clock` tells the time of day.
    """

    def __init__(
        self,
        database: Database,
        training: SeedTraining,
        passphrase: str | None = None,
        clock: Callable[[], float] = time.time,
        lookups: Callable[..., Lookups] = Lookups,
    ) -> None:
        super().__init__(database)
        self._clock = clock
        self._starting = Lock()
        self._thread: Thread | None = None
        self._wake = Event()
        self._closed = False
        self._expired_at = float("-inf")
        self._trained: set[str] = set()  # the rooms that `training` knows
        self.training = training
        self._code_lookups = lookups()
        self.host = Host(self, self.wake, clock)
        self.people = People(self, clock)
        self.admission = Admission(passphrase, lookups(PASSPHRASES))

    def open(self, lesson: Lesson, visitor: str, address: str = "") -> OpenedRoom:
        """Open a room with that lesson as it is now, for a visitor at that address. Raises RoomRefused."""
        if not self.admission.is_admitted(visitor):
            raise RoomRefused("Rooms can be opened only with this server's passphrase.")
        owner, now = hashed(visitor), self._clock()
        host = tokens.new_token()
        room = Room(
            id=secrets.token_urlsafe(12), code="", host_hash=tokens.digest(host),
            secret=tokens.new_token(), owner=owner, lesson_id=lesson.id, lesson_text=lesson.source,
            seed=secrets.randbelow(2**30), state=State(), version=1, since=now, server=self.database.presence.id,
            created=now, expires=now + store.KEPT, looked=now,
        )  # fmt: skip

        def work(connection: Connection) -> Room:
            store.delete_expired(connection)
            network = capacity.network_name(connection, address)
            capacity.make_place(connection, owner, network, now)
            opened = replace(room, network=network, code=tokens.new_code())
            store.insert(connection, opened)
            return opened

        opened = self.commit(room.id, work)
        self.reload(room.id)
        return OpenedRoom(opened, host)

    def find(self, code: str, visitor: str, address: str, invitation: str = "") -> str:
        """The id of the room with that code. Raises RoomRefused.

        After many wrong codes, a visitor and their network have to wait (`Slowed`). A visitor with the room's
        invitation, which its link and QR code have, or who was in the room before, is answered at once.
        """
        clean, me = tokens.read_code(code), hashed(visitor)
        if clean is None:
            raise RoomRefused(_UNKNOWN)
        found = self.read(lambda connection: store.with_code(connection, clean, me, invitation))
        if found is None or not found[1]:
            self._code_lookups.check(visitor, address, found is not None, hint=" The room's QR code works at once.")
        if found is None:
            raise RoomRefused(_UNKNOWN)
        if self.peek(found[0]) is None:
            self.reload(found[0])
        return found[0]

    def of_owner(self, visitor: str) -> list[Room]:
        """The rooms that the visitor has opened, the latest first; none if the database cannot be read."""
        try:
            return self.read(lambda connection: store.of_owner(connection, hashed(visitor)))
        except RoomRefused:
            return []

    def view(self, id: str) -> RoomView | None:
        """The room as it is now; None if there is none. Raises RoomRefused if it cannot be read."""
        self._start()
        return super().view(id)

    def wake(self) -> None:
        """Look at once whether there is something to train, because something has changed."""
        self._wake.set()

    def close(self) -> None:
        """Stop keeping rooms up to date."""
        self._closed = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(2)

    def _start(self) -> None:
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._thread = Thread(target=self._run, name="rooms", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        while not self._closed:
            self._wake.wait(_TICK)
            self._wake.clear()
            try:
                self._tick()
            except Exception:
                log.exception("the rooms could not be kept up to date")
                time.sleep(_TICK)

    def _tick(self) -> None:
        if time.monotonic() - self._expired_at > _EXPIRE:
            self._expired_at = time.monotonic()
            self.database.write(store.delete_expired)
            for id, entry in list(self._entries.items()):
                if entry.view.room.readable and self.training.is_unfinished(entry.view):
                    self.peek(id)  # it stays until its results are complete
            self.drop_unused()
        for id in list(self._entries):
            try:
                self._update(id)
            except Exception:  # the other rooms go on
                log.exception("a room could not be kept up to date")
        for id in self._trained - self._entries.keys():  # deleted, or nobody looks at it any more
            self._trained.discard(id)
            self.training.forget(id)

    def _update(self, id: str) -> None:
        """Read what other servers have changed of the room, and train its seeds."""
        self.reload(id)
        entry = self._entries.get(id)  # this is no use of the room
        if entry is not None and entry.view.room.readable:
            self._trained.add(id)
            self.training.feed(entry.view, self._owns(entry.view.room))

    def _owns(self, room: Room) -> bool:
        """Whether this server trains the room's seeds. It takes over from a server that has stopped."""
        database = self.database
        if room.server == database.presence.id:
            return True
        try:
            if room.server not in database.read(database.presence.running):
                database.write(lambda connection: store.claim(connection, room, database.presence.id))
        except Unavailable:
            pass
        return False
