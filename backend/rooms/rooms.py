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
from backend.rooms import capacity, codes, store, tokens
from backend.rooms.access import Listener, RoomAccess
from backend.rooms.admission import Admission
from backend.rooms.host import Host
from backend.rooms.lookups import PASSPHRASES, Lookups
from backend.rooms.machine import State
from backend.rooms.model import Refused, Room, RoomView
from backend.rooms.people import People
from backend.rooms.training import SeedTraining

log = logging.getLogger(__name__)

_UNKNOWN = "There is no room with this code. A code has six characters: letters and digits."

#: Seconds between two looks at the database for changes by other servers, and between two looks for expired rooms.
_TICK, _EXPIRE = 0.5, 60.0


@dataclass(frozen=True)
class OpenedRoom:
    """A room that was opened, with the tokens of its host and its board. They are stored nowhere else."""

    room: Room
    host: str
    board: str


class Rooms:
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
        self._access = RoomAccess(database)
        self._clock = clock
        self._starting = Lock()
        self._thread: Thread | None = None
        self._wake = Event()
        self._closed = False
        self._expired_at = float("-inf")
        self._trained: set[str] = set()  # the rooms that `training` knows
        self.training = training
        self.lookups = lookups()
        self._board_lookups = lookups(PASSPHRASES)
        self.host = Host(self._access, self.wake, clock)
        self.people = People(self._access, clock)
        self.admission = Admission(passphrase, lookups(PASSPHRASES))

    def open(self, lesson: Lesson, visitor: str, address: str = "") -> OpenedRoom:
        """Open a room with that lesson as it is now, for a visitor at that address. Raises Refused."""
        if not self.admission.is_admitted(visitor):
            raise Refused("Rooms can be opened only with this server's passphrase.")
        owner, now = hashed(visitor), self._clock()
        host, board = tokens.new_token(), tokens.new_token()
        room = Room(
            id=secrets.token_urlsafe(12), code=tokens.new_code(), host_hash=tokens.digest(host),
            board_hash=tokens.digest(board), secret=tokens.new_token(), owner=owner, lesson_id=lesson.id,
            lesson_text=lesson.source, seed=secrets.randbelow(2**30), state=State(), version=1, since=now,
            server=self._access.database.presence.id, created=now, expires=now + store.KEPT,
            looked=now,
        )  # fmt: skip

        def work(connection: Connection) -> Room:
            store.delete_expired(connection)
            opened = replace(room, network=capacity.network_name(connection, address))
            capacity.make_place(connection, owner, opened.network, now)
            while not store.insert(connection, opened):
                opened = replace(opened, code=tokens.new_code())
            return opened

        result = self._access.commit(work)
        self._access.add(result.id)
        return OpenedRoom(result, host, board)

    def find(self, code: str, visitor: str, address: str, invitation: str = "", token: str = "") -> str:
        """The id of the room with that code. Raises Refused.

        After many wrong codes, a visitor and their network have to wait (`Slowed`). A visitor with the room's
        invitation, which its link and QR code have, with a participant's `token`, or who was in the room before, is
        answered at once.
        """
        clean, me = tokens.read_code(code), hashed(visitor)
        if clean is None:
            raise Refused(_UNKNOWN)
        found = self._access.read(lambda connection: codes.find(connection, clean, me, token))
        if found is not None:
            self._access.add(found.id)
        if found is not None and (found.was_inside or tokens.equal(invitation, found.invitation)):
            return found.id
        self.lookups.check(visitor, address, found is not None, hint=" The room's QR code works at once.")
        if found is None:
            raise Refused(_UNKNOWN)
        return found.id

    def open_board(self, code: str, visitor: str, address: str) -> tuple[str, str]:
        """The room whose board the code opens, and the board's new token. Raises Refused.

        After many wrong codes, a visitor and their network have to wait (`Slowed`).
        """
        clean, now = tokens.read_board_code(code), self._clock()
        if clean is None:
            raise Refused("The code of a board has four letters.")
        id = self._access.read(lambda connection: codes.room_of_board_code(connection, clean, now))
        self._board_lookups.check(visitor, address, id is not None)
        if id is None:
            raise Refused(codes.NO_BOARD_CODE)
        self._access.add(id)
        return id, self.host.new_board(id, clean)

    def of_owner(self, visitor: str) -> list[Room]:
        """The rooms that the visitor has opened, the latest first; none if the database cannot be read."""
        try:
            return self._access.read(lambda connection: store.of_owner(connection, hashed(visitor)))
        except Refused:
            return []

    def view(self, id: str) -> RoomView | None:
        """The room as it is now; None if there is none. Raises Refused if it cannot be read."""
        self._start()
        return self._access.find(id)

    def peek(self, id: str) -> RoomView | None:
        """The room if it is in memory. This reads no database, and does not count as a use."""
        view = self._access.peek(id)
        return view if view is not None and view.room.readable else None

    def lacks(self, id: str) -> bool:
        """Whether there was no such room a moment ago. This reads no database."""
        return self._access.lacks(id)

    def version(self, id: str) -> int:
        """The version of the room, as far as this server knows it; 0 if it does not."""
        return self._access.version(id)

    def listen(self, id: str, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each new version, from any thread. Returns a function that ends this."""
        self._start()
        return self._access.listen(id, listener)

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
            self._access.database.write(store.delete_expired)
            self._access.drop_unused()
        for id in self._access.ids():
            try:
                self._update(id)
            except Exception:  # the other rooms go on
                log.exception("a room could not be kept up to date")
        for id in self._trained - set(self._access.ids()):  # deleted, or nobody looks at it any more
            self._trained.discard(id)
            self.training.forget(id)

    def _update(self, id: str) -> None:
        """Read what other servers have changed of the room, and train its seeds."""
        self._access.reload(id)
        view = self._access.peek(id)
        if view is not None and view.room.readable:
            self._trained.add(id)
            self.training.feed(view, self._owns(view.room))

    def _owns(self, room: Room) -> bool:
        """Whether this server trains the room's seeds. It takes over from a server that has stopped."""
        database = self._access.database
        if room.server == database.presence.id:
            return True
        try:
            if room.server not in database.read(database.presence.running):
                database.write(lambda connection: store.claim(connection, room, database.presence.id))
        except Unavailable:
            pass
        return False
