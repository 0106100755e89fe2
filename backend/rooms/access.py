"""Reads and changes rooms in memory and database, with a sentence if that is impossible."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlalchemy import Connection

from backend.database import Database, Unavailable
from backend.rooms import store
from backend.rooms.memory import RoomMemory
from backend.rooms.model import Refused, Room, RoomUnavailable, RoomView

#: The form of a room's id. No other text from an address reaches the database.
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")


class RoomAccess:
    """Memory and database, which the parts of `Rooms` share. Safe from any thread."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.memory = RoomMemory(database)

    def find(self, id: str) -> RoomView | None:
        """The room as it is now; None if there is none. Raises Refused if it cannot be read."""
        if not _ID.fullmatch(id):
            return None
        try:
            view = self.memory.view(id)
        except Unavailable as error:
            raise RoomUnavailable(f"The room cannot be read now, because {error}.") from None
        if view is not None and not view.room.readable:
            raise Refused("The lesson of this room cannot be read: another version of Two Heads has opened the room.")
        return view

    def view(self, id: str) -> RoomView:
        """The room as it is now. Raises Refused if there is none."""
        view = self.find(id)
        if view is None:
            raise Refused("This room does not exist any more.")
        return view

    def commit(
        self, work: store.Work[store.T], then: Callable[[store.T], object] = lambda result: None, seconds: float = 2.0
    ) -> store.T:
        """What `work` returns, once it is committed; `then` is called with that before the next commit.

        Raises RoomUnavailable if nothing can be saved within `seconds`. Then `work` is not done later, unless it was
        being committed at that moment (`Database.commit`).
        """
        try:
            return self.database.commit(work, seconds, then)
        except Unavailable as error:
            raise RoomUnavailable(f"Nothing can be saved now, because {error}. Try again in a moment.") from None

    def read(self, work: store.Work[store.T]) -> store.T:
        """What `work` returns, which only reads. Raises Refused."""
        try:
            return self.database.read(work)
        except Unavailable as error:
            raise RoomUnavailable(f"The room cannot be read now, because {error}.") from None

    def reload(self, id: str) -> None:
        """Read the room if another server has changed it. If that is impossible, what is in memory stays."""
        try:
            self.memory.reload(id)
        except Unavailable:
            pass

    def set_participant(self, id: str, number: int, renew: bool = False, **values: object) -> None:
        """Change a participant; `renew` gives the room a new version, so that every page is redrawn. Raises Refused."""
        view = self.view(id)
        who = view.participants.get(number)
        if who is None:
            raise Refused("There is no such participant.")

        def work(connection: Connection) -> None:
            store.set_participant(connection, id, number, **values)
            if renew:
                store.renew(connection, id)

        self.commit(work, lambda done: self.memory.set_participant(id, who.with_(**values)))
        if renew:
            self.reload(id)

    def room(self, id: str) -> Room:
        """The room itself. Raises Refused if there is none."""
        return self.view(id).room
