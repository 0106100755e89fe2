"""What the host of a room may do."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock

from cachetools import TTLCache
from sqlalchemy import Connection

from backend.database import Unavailable
from backend.rooms import crowd, doors, ghosts, places, store, tokens
from backend.rooms.access import RoomAccess
from backend.rooms.alias import alias, clean_name
from backend.rooms.machine import Action, State, WrongOrder, act
from backend.rooms.model import Answers, Conflict, Refused, Room

#: Seconds that the host waits for a database that works, and for one that is known to fail.
_WAIT, _WAIT_LESS = 5.0, 0.2
#: Seconds after which the database is told again that a host looks at a room.
_LOOKS = 30.0
_CHANGED = "The room has changed since you saw it. It is shown as it is now."


class Host:
    """Leads rooms. Whoever calls it has shown the host's token. `changed` is called after each change."""

    def __init__(self, access: RoomAccess, changed: Callable[[], None], clock: Callable[[], float] = time.time) -> None:
        self._access = access
        self._changed = changed
        self._clock = clock
        self._looked: TTLCache[str, bool] = TTLCache(maxsize=1000, ttl=_LOOKS, timer=clock)
        self._looking = Lock()
        # One action of a room at a time, so that there is also one where the database fails and cannot compare.
        self._acting = tuple(Lock() for _ in range(64))

    def act(self, id: str, action: Action, version: int) -> Room:
        """Do what the host wants, if the room still has that version. Raises Refused with a sentence."""
        with self._one_at_a_time(id):
            before = self._access.room(id)
            if before.version != version:
                raise Conflict(_CHANGED)
            try:
                after = act(before.state, action, before.shape)
            except WrongOrder as error:
                raise Refused(str(error)) from None
            return self._change(before, after, action)

    def undo(self, id: str, version: int) -> Room:
        """Return to the state before the host's last action. Raises Refused."""
        with self._one_at_a_time(id):
            before = self._access.room(id)
            if before.version != version:
                raise Conflict(_CHANGED)
            if before.state.closed:
                raise Refused("The room is closed.")
            # After all that waits to be stored: else it would be the action before the last one.
            last = self._access.commit(lambda connection: store.undone(connection, id))
            if last is None:
                raise Refused("There is nothing to undo.")
            kind, state = last
            if kind == "reset":
                raise Refused("A question that was asked again has lost its first answers. This cannot be undone.")
            return self._change(before, state, "undo")

    def rename(self, id: str, number: int, name: str) -> None:
        """Give a participant another alias; an empty name restores the first one. Raises Refused."""
        room = self._access.room(id)
        self._access.set_participant(id, number, alias=clean_name(name) or alias(room.seed, number))

    def remove(self, id: str, number: int, removed: bool = True) -> None:
        """Remove a participant with their answers, or take them back. Raises Refused."""
        self._access.set_participant(id, number, renew=True, removed=removed)

    def looks(self, id: str) -> None:
        """The host looks at the room, so it gives way to no other one. A page calls it as often as it is drawn."""
        with self._looking:
            if self._looked.get(id):
                return
            self._looked[id] = True
        now, database = self._clock(), self._access.database
        if database.problem is None:  # else many looks would wait, in the place of answers
            database.write(lambda connection: places.looked(connection, id, now))

    def remove_unanswered(self, id: str) -> list[int]:
        """Remove all who have answered no question so far. Returns their numbers. Raises Refused.

        Answers that wait to be stored are stored before this.
        """
        return self._remove(id, lambda connection: crowd.remove_unanswered(connection, id))

    def remove_since(self, id: str, since: float) -> list[int]:
        """Remove all who joined at that time or later. Returns their numbers. Raises Refused."""
        return self._remove(id, lambda connection: crowd.remove_since(connection, id, since))

    def let_back(self, id: str, numbers: list[int]) -> None:
        """Take back those who were removed. Raises Refused."""

        def work(connection: Connection) -> list[int]:
            crowd.set_removed(connection, id, numbers, False)
            return numbers

        self._remove(id, work, removed=False)

    def _remove(self, id: str, work: store.Work[list[int]], removed: bool = True) -> list[int]:
        """Remove or take back many by `work`, and draw every page anew."""

        def renewing(connection: Connection) -> list[int]:
            numbers = work(connection)
            if numbers:
                store.renew(connection, id)
            return numbers

        def show(numbers: list[int]) -> None:
            known = self._access.view(id).participants
            for number in numbers:
                if number in known:
                    self._access.memory.set_participant(id, known[number].with_(removed=removed))

        numbers = self._access.change(id, renewing, show)
        self._access.reload(id)
        return numbers

    def new_code(self, id: str) -> str:
        """Give a locked room another code and invitation; those before let nobody else in. Raises Refused."""

        def show(found: str | Refused) -> None:
            if isinstance(found, str):
                self._access.memory.set_room(replace(self._access.room(id), code=found))

        code = self._access.change(id, lambda connection: doors.renew(connection, id), show)
        if isinstance(code, Refused):
            raise code
        self._access.reload(id)
        return code

    def new_board(self, id: str) -> str:
        """A new token for the board; the one before opens nothing any more. Raises Refused."""
        token = tokens.new_token()
        digest, memory = tokens.digest(token), self._access.memory
        self._access.change(
            id, lambda connection: store.set_board(connection, id, digest),
            lambda done: memory.set_room(replace(self._access.room(id), board_hash=digest)),
        )  # fmt: skip
        return token

    def delete(self, id: str) -> None:
        """Delete the room at once, with all that belongs to it. Raises Refused."""
        self._access.change(
            id, lambda connection: store.remove(connection, id), lambda done: self._access.memory.drop(id)
        )

    def _one_at_a_time(self, id: str) -> Lock:
        return self._acting[hash(id) % len(self._acting)]

    def _change(self, before: Room, after: State, kind: str) -> Room:
        """Store the new state if nobody else was faster. While the database fails, this server leads from memory."""
        now, database, memory = self._clock(), self._access.database, self._access.memory
        if after.paused and not before.state.paused:
            after = after.model_copy(update={"paused_at": now})
        if kind == "begin":
            after = after.model_copy(update={"began_at": now})
        room = replace(
            before, state=after, version=before.version + 1, since=_since(before, after, kind, now),
            server=database.presence.id if after.phase == "ask" and before.state.phase != "ask" else before.server,
            expires=now + store.kept(after),
        )  # fmt: skip

        def work(connection: Connection) -> tuple[bool, Mapping[tuple[int, int], Answers]]:
            changed = store.change(connection, before, room, kind, now)
            if changed and kind == "aliases":
                store.restore_aliases(connection, before)
            counted = store.answers(connection, before.id) if changed and kind == "freeze" else {}
            view = store.read(connection, before.id) if changed and after.closed and after.ghosts else None
            if view is not None:
                ghosts.keep(connection, view)
            return changed, counted

        def show(stored: tuple[bool, Mapping[tuple[int, int], Answers]]) -> None:
            changed, counted = stored
            if changed and (lost := store.lost_rounds(before.state, after, kind)) is not None:
                memory.clear_answers(before.id, after.step, lost)
            if changed:
                memory.set_room(room, counted)

        seconds = _WAIT if database.problem is None else _WAIT_LESS
        try:
            changed, _ = database.commit(memory.whole(before.id, work), seconds, show)
        except Unavailable:
            changed = True  # it waits in order, and is stored later
            memory.wait_for_action(before.id)
            show((True, {}))
        if not changed:
            self._access.reload(before.id)
            raise Conflict(_CHANGED)
        self._changed()
        return room


def _since(before: Room, after: State, kind: str, now: float) -> float:
    """When the phase began. The time for which the room was paused does not count."""
    was = before.state
    if kind == "reset" or (after.step, after.phase, after.round) != (was.step, was.phase, was.round):
        return now
    return before.since + (now - was.paused_at if was.paused_at and was.paused and not after.paused else 0.0)
