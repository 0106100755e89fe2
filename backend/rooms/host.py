"""What the host of a room may do."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from cachetools import TTLCache
from sqlalchemy import Connection

from backend.rooms import store
from backend.rooms.access import RoomAccess
from backend.rooms.alias import alias, clean_name
from backend.rooms.machine import Action, State, WrongOrder, act
from backend.rooms.model import Conflict, Room, RoomRefused

#: Seconds that the host waits for the database: it may have to store the answers of a whole class first.
_WAIT = 5.0
#: Seconds after which the database is told again that a host looks at a room.
_LOOK_SECONDS = 30.0
_CHANGED = "The room has changed since you saw it. It is shown as it is now."


class Host:
    """Leads rooms for callers who have checked the host's token. `changed` is called after each change."""

    def __init__(self, access: RoomAccess, changed: Callable[[], None], clock: Callable[[], float] = time.time) -> None:
        self._access = access
        self._changed = changed
        self._clock = clock
        self._looked_lately: TTLCache[str, bool] = TTLCache(maxsize=1000, ttl=_LOOK_SECONDS, timer=clock)

    def act(self, id: str, action: Action, version: int) -> None:
        """Do what the host wants, if the room still has that version. Raises RoomRefused with a sentence."""
        before = self._room(id, version)
        try:
            after = act(before.state, action, before.lesson)
        except WrongOrder as error:
            raise RoomRefused(str(error)) from None
        self._change(before, after, action)

    def undo(self, id: str, version: int) -> None:
        """Return to the state before the host's last action. Raises RoomRefused."""
        before = self._room(id, version)
        if before.state.closed:
            raise RoomRefused("The room is closed.")
        last = self._access.read(lambda connection: store.last_change(connection, id))
        if last is None:
            raise RoomRefused("There is nothing to undo.")
        kind, state = last
        if kind == "reset":
            raise RoomRefused("A question that was asked again has lost its first answers. This cannot be undone.")
        self._change(before, state, "undo")

    def rename(self, id: str, number: int, name: str) -> None:
        """Give a participant another alias; an empty name restores the first one. Raises RoomRefused."""
        seed = self._access.existing(id).room.seed
        self._access.change_participant(id, number, alias=clean_name(name) or alias(seed, number))

    def record_look(self, id: str) -> None:
        """Record that the host looks at the room, so that it is not evicted. Call it with each drawing.

        Pages are drawn one at a time.
        """
        if self._looked_lately.get(id):
            return
        self._looked_lately[id] = True
        at, database = self._clock(), self._access.database
        if database.problem is None:  # else looks would fill the queue of writes, and answers would find no place
            database.write(lambda connection: store.record_look(connection, id, at))

    def set_removed(self, id: str, numbers: Sequence[int], removed: bool = True) -> None:
        """Remove participants with their answers, or let them back in, and redraw every page. Raises RoomRefused."""

        def work(connection: Connection) -> None:
            store.set_participants(connection, id, numbers, removed=removed)
            store.renew(connection, id)

        self._access.commit(id, work)
        self._access.reload(id)

    def remove_joined(self, id: str, since: float = 0.0, *, silent: bool = True) -> list[int]:
        """Remove all who joined at the time `since` or later.

        Who has answered a question stays, unless `silent` is False. Returns the numbers of the others. Raises
        RoomRefused.
        """
        self._access.reload(id)
        view = self._access.existing(id)
        numbers = [who.number for who in (view.silent if silent else view.present) if who.joined >= since]
        self.set_removed(id, numbers)
        return numbers

    def new_code(self, id: str) -> str:
        """Give a locked room another code and invitation; the old ones let nobody else in. Raises RoomRefused."""
        code = self._access.commit(id, lambda connection: store.renew_code(connection, id))
        self._access.reload(id)
        return code

    def delete(self, id: str) -> None:
        """Delete the room at once, with all that belongs to it. Raises RoomRefused."""
        self._access.commit(id, lambda connection: store.remove(connection, id), lambda done: self._access.drop(id))

    def _room(self, id: str, version: int) -> Room:
        """The room, if it still has that version. Raises RoomRefused."""
        room = self._access.existing(id).room
        if room.version != version:
            raise Conflict(_CHANGED)
        return room

    def _change(self, before: Room, after: State, kind: str) -> None:
        """Store the new state if nobody else was faster. Raises RoomRefused."""
        at, database = self._clock(), self._access.database
        if after.paused and not before.state.paused:
            after = after.model_copy(update={"paused_at": at})
        if after.asked > before.state.asked:  # a number that no deletion had before, also after Undo
            after = after.model_copy(update={"asked": before.version + 1})
        if kind == "begin":
            after = after.model_copy(update={"began_at": at})
        since = _phase_began(before, after, kind, at)
        if after.phase == "ask" and since == at and kind != "undo":  # which returns to an earlier opening
            after = after.with_opening(at)
        room = replace(
            before, state=after, version=before.version + 1, since=since,
            server=database.presence.id if after.phase == "ask" and before.state.phase != "ask" else before.server,
            expires=at + store.KEPT,
        )  # fmt: skip

        def work(connection: Connection) -> None:
            if not store.change(connection, before, room, kind, at):
                raise Conflict(_CHANGED)
            if kind == "aliases":
                store.restore_aliases(connection, before)

        self._access.commit(before.id, work, seconds=_WAIT)
        self._access.reload(before.id)
        self._changed()


def _phase_began(before: Room, after: State, kind: str, at: float) -> float:
    """When the phase began. The time for which the room was paused does not count."""
    was = before.state
    if kind == "reset" or (after.step, after.phase, after.round) != (was.step, was.phase, was.round):
        return at
    return before.since + (at - was.paused_at if was.paused_at and was.paused and not after.paused else 0.0)
