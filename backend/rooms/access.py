"""Reads and changes rooms in memory and database, with a sentence where that is impossible."""

from __future__ import annotations

from backend.database import Database, Unavailable
from backend.rooms import store
from backend.rooms.memory import RoomMemory
from backend.rooms.model import Refused, Room, RoomView


class RoomAccess:
    """What the parts of `Rooms` share. Safe from any thread."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.memory = RoomMemory(database)

    def find(self, id: str) -> RoomView | None:
        """The room as it is now; None where there is none. Raises Refused where it cannot be read."""
        try:
            return self.memory.view(id)
        except Unavailable as error:
            raise Refused(f"The room cannot be read now, because {error}.") from None

    def view(self, id: str) -> RoomView:
        """The room as it is now. Raises Refused where there is none."""
        view = self.find(id)
        if view is None:
            raise Refused("This room does not exist any more.")
        return view

    def commit(self, work: store.Work[store.T]) -> store.T:
        """What `work` returns, once it is committed. Raises Refused."""
        try:
            return self.database.commit(work)
        except Unavailable as error:
            raise Refused(f"Nothing can be saved now, because {error}. Try again in a moment.") from None

    def read(self, work: store.Work[store.T]) -> store.T:
        """What `work` returns, which only reads. Raises Refused."""
        try:
            return self.database.read(work)
        except Unavailable as error:
            raise Refused(f"The room cannot be read now, because {error}.") from None

    def reload(self, id: str) -> None:
        """Read the room if another server has changed it. Where that is impossible, this server goes on."""
        try:
            self.memory.reload(id)
        except Unavailable:
            pass

    def set_participant(self, id: str, number: int, **values: object) -> None:
        """Change a participant, for all pages. Raises Refused."""
        view = self.view(id)
        who = view.participants.get(number)
        if who is None:
            raise Refused("There is no such participant.")
        self.commit(lambda connection: store.set_participant(connection, id, number, **values))
        self.memory.set_participant(id, who.with_(**values))

    def room(self, id: str) -> Room:
        """The room itself. Raises Refused where there is none."""
        return self.view(id).room
