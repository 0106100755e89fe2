"""What the host of a room may do."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock

from cachetools import TTLCache
from sqlalchemy import Connection

from backend.rooms import capacity, codes, crowd, store, tokens
from backend.rooms.access import RoomAccess
from backend.rooms.alias import alias, clean_name
from backend.rooms.machine import Action, State, WrongOrder, act
from backend.rooms.model import Answers, Conflict, Refused, Room

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
        self._looking = Lock()

    def act(self, id: str, action: Action, version: int) -> Room:
        """Do what the host wants, if the room still has that version. Raises Refused with a sentence."""
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
        before = self._access.room(id)
        if before.version != version:
            raise Conflict(_CHANGED)
        if before.state.closed:
            raise Refused("The room is closed.")
        last = self._access.read(lambda connection: store.last_change(connection, id))
        if last is None:
            raise Refused("There is nothing to undo.")
        kind, state = last
        if kind == "reset":
            raise Refused("A question that was asked again has lost its first answers. This cannot be undone.")
        return self._change(before, state, "undo")

    def rename(self, id: str, number: int, name: str) -> None:
        """Give a participant another alias; an empty name restores the first one. Raises Refused."""
        room = self._access.room(id)
        self._access.change_participant(id, number, alias=clean_name(name) or alias(room.seed, number))

    def remove(self, id: str, number: int, removed: bool = True) -> None:
        """Remove a participant with their answers, or let them back in. Raises Refused."""
        self._remove(id, lambda connection: crowd.set_removed(connection, id, [number], removed), removed)

    def record_look(self, id: str) -> None:
        """Record that the host looks at the room, so that it is not evicted. Call it with each drawing."""
        with self._looking:
            if self._looked_lately.get(id):
                return
            self._looked_lately[id] = True
        now, database = self._clock(), self._access.database
        if database.problem is None:  # else looks would fill the queue of writes, and answers would find no place
            database.write(lambda connection: capacity.record_look(connection, id, now))

    def remove_joined(
        self, id: str, since: float = 0.0, network: str | None = None, *, silent: bool = True
    ) -> list[int]:
        """Remove all who joined at the time `since` or later and, if it is given, from that network.

        Who has answered a question stays, unless `silent` is False. Returns the numbers of the others. Raises Refused.
        """
        return self._remove(id, lambda connection: crowd.remove_joined(connection, id, since, network, silent=silent))

    def let_back(self, id: str, numbers: list[int]) -> None:
        """Let these participants, who were removed, back in. Raises Refused."""
        self._remove(id, lambda connection: crowd.set_removed(connection, id, numbers, False), removed=False)

    def _remove(self, id: str, work: store.Work[list[int]], removed: bool = True) -> list[int]:
        """Remove many by `work`, or let them back in, and redraw every page."""

        def work_and_renew(connection: Connection) -> list[int]:
            numbers = work(connection)
            if numbers:
                store.renew(connection, id)
            return numbers

        def show(numbers: list[int]) -> None:
            known = self._access.view(id).participants
            for number in numbers:
                if number in known:
                    self._access.set_participant(id, known[number].with_(removed=removed))

        numbers = self._access.commit(work_and_renew, show)
        self._access.reload(id)
        return numbers

    def new_code(self, id: str) -> str:
        """Give a locked room another code and invitation; the old ones let nobody else in. Raises Refused."""
        code = self._access.commit(
            lambda connection: codes.renew(connection, id),
            lambda code: self._access.set_room(replace(self._access.room(id), code=code)),
        )
        self._access.reload(id)
        return code

    def new_board(self, id: str, code: str = "") -> str:
        """A new token for the board; the old one opens nothing any more. Raises Refused.

        If it is for somebody with the `code` of the board, the code has to be the last one.
        """
        token = tokens.new_token()
        digest = tokens.digest(token)

        def work(connection: Connection) -> None:
            codes.use_board_code(connection, id, code)
            store.set_board(connection, id, digest)

        self._access.commit(work, lambda done: self._access.set_room(replace(self._access.room(id), board_hash=digest)))
        return token

    def new_board_code(self, id: str) -> str:
        """Four letters that open the board once, within `codes.BOARD_CODE_SECONDS`. Raises Refused."""
        now = self._clock()
        return self._access.commit(lambda connection: codes.new_board_code(connection, id, now))

    def delete(self, id: str) -> None:
        """Delete the room at once, with all that belongs to it. Raises Refused."""
        self._access.commit(lambda connection: store.remove(connection, id), lambda done: self._access.drop(id))

    def _change(self, before: Room, after: State, kind: str) -> Room:
        """Store the new state if nobody else was faster. Raises Refused."""
        now, database = self._clock(), self._access.database
        if after.paused and not before.state.paused:
            after = after.model_copy(update={"paused_at": now})
        if after.asked > before.state.asked:  # a number that no deletion had before, also after Undo
            after = after.model_copy(update={"asked": before.version + 1})
        if kind == "begin":
            after = after.model_copy(update={"began_at": now})
        since = _phase_began(before, after, kind, now)
        if after.phase == "ask" and since == now and kind != "undo":  # which returns to an earlier opening
            after = after.with_opening(now)
        room = replace(
            before, state=after, version=before.version + 1, since=since,
            server=database.presence.id if after.phase == "ask" and before.state.phase != "ask" else before.server,
            expires=now + store.KEPT,
        )  # fmt: skip

        def work(connection: Connection) -> Mapping[tuple[int, int], Answers]:
            if not store.change(connection, before, room, kind, now):
                raise Conflict(_CHANGED)
            if kind == "aliases":
                store.restore_aliases(connection, before)
            return store.answers(connection, before.id)

        self._access.commit(work, lambda answers: self._access.set_room(room, answers=answers), _WAIT, before.id)
        if kind == "aliases":
            self._access.reload(before.id)
        self._changed()
        return room


def _phase_began(before: Room, after: State, kind: str, now: float) -> float:
    """When the phase began. The time for which the room was paused does not count."""
    was = before.state
    if kind == "reset" or (after.step, after.phase, after.round) != (was.step, was.phase, was.round):
        return now
    return before.since + (now - was.paused_at if was.paused_at and was.paused and not after.paused else 0.0)
