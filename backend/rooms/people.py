"""What the participants of a room may do."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock

from cachetools import TTLCache
from sqlalchemy import Connection

from backend.database.visitors import hashed
from backend.rooms import store, tokens
from backend.rooms.access import RoomAccess
from backend.rooms.alias import alias, clean_name
from backend.rooms.machine import State
from backend.rooms.model import (
    PACES,
    Answer,
    Key,
    Pace,
    Participant,
    Refused,
    Room,
    RoomUnavailable,
    RoomView,
)

#: The most characters of the word for how sure somebody is.
_MOST_SURE = 40
_REMOVED = "The host has removed you from this room."
#: How many answers that could not be stored are kept for a further try, and for how many seconds.
_MOST_UNSENT, _KEPT = 20_000, 3600.0


@dataclass(frozen=True)
class Unsent:
    """An answer that could not be stored, to the question of its key: step, round, and the participant's number."""

    key: Key
    answer: Answer

    def in_time(self, room: Room) -> bool:
        """Whether it may still be stored: the question was neither frozen nor asked again since."""
        return room.state.phase == "ask" and not room.state.closed and self.answer.at >= room.since


def _late_refusal(state: State) -> Refused:
    """Why a room in that state accepts no answer any more."""
    if state.closed:
        return Refused("The room is closed.")
    return Refused("The room is paused." if state.paused else "Too late: the answers are frozen.")


class People:
    """Joins rooms and answers questions. A visitor is known by a hash of their cookie."""

    def __init__(self, access: RoomAccess, clock: Callable[[], float] = time.time) -> None:
        self._access = access
        self._clock = clock
        #: The last answer of each participant that is not stored, by room and number.
        self._unsent: TTLCache[tuple[str, int], Unsent] = TTLCache(maxsize=_MOST_UNSENT, ttl=_KEPT)
        self._lock = Lock()

    def join(self, id: str, visitor: str) -> Participant:
        """The visitor as a participant of the room, new or known. Raises Refused."""
        me, view = hashed(visitor), self._access.view(id)
        number = view.devices.get(me)
        if number is None:

            def work(connection: Connection) -> str | Participant | None:
                number = store.join(connection, view.room, me, self._clock())
                return number if isinstance(number, str) else store.participant(connection, id, number)

            def remember(result: str | Participant | None) -> None:
                if isinstance(result, Participant):
                    self._access.memory.set_participant(id, result, me)

            result = self._access.change(id, work, remember)
            if isinstance(result, str):
                raise Refused(result)
            who = result
        else:
            who = view.participants.get(number)
        if who is None or who.removed:
            raise Refused(_REMOVED)
        return who

    def find(self, view: RoomView, visitor: str) -> Participant | None:
        """The visitor in this room; None before they join, and after they were removed."""
        who = view.participants.get(view.devices.get(hashed(visitor), 0))
        return who if who is not None and not who.removed else None

    def is_present(self, id: str, number: int) -> bool:
        """Whether this server knows the room and a participant of that number who was not removed."""
        view = self._access.memory.peek(id)
        who = view.participants.get(number) if view else None
        return who is not None and not who.removed

    def token(self, room: Room, who: Participant) -> str:
        """With this token the participant continues on another device."""
        return f"{who.number}.{tokens.participant_token(room.secret, who.number)}"

    def adopt(self, id: str, token: str, visitor: str) -> Participant:
        """The visitor is the participant who has that token, on another device. Raises Refused."""
        view = self._access.view(id)
        text, _, secret = token.partition(".")
        who = view.participants.get(int(text)) if text.isdecimal() and len(text) < 6 else None
        if who is None or not tokens.equal(secret, tokens.participant_token(view.room.secret, who.number)):
            raise Refused("This link belongs to no participant of the room.")
        if who.removed:
            raise Refused(_REMOVED)
        me = hashed(visitor)
        self._access.change(
            id, lambda connection: store.add_device(connection, id, me, who.number),
            lambda done: self._access.memory.set_participant(id, who, me),
        )  # fmt: skip
        return who

    def answer(self, id: str, who: Participant, step: int, round: int, option: int, sure: str = "") -> bool:
        """Store the participant's answer in that round. Raises Refused if answers are closed.

        False if it cannot be stored now. Then it does not count until `send_again` has stored it.
        """
        room = self._access.room(id)
        if (room.state.step, room.state.round) != (step, round) or not room.state.open:
            raise _late_refusal(room.state)
        if not 0 <= option < len(room.step.options):
            raise Refused("The question has no such option.")
        word = "".join(sign for sign in sure if sign.isprintable())[:_MOST_SURE]
        unsent = Unsent((step, round, who.number), Answer(option, word, self._clock()))
        with self._lock:
            self._unsent[id, who.number] = unsent
        try:
            refusal = self._store(id, unsent)
        except RoomUnavailable:
            return False
        if refusal is not None:
            self._forget(id, unsent)
            raise Refused(refusal)
        return True

    def unsent(self, view: RoomView, who: Participant) -> Unsent | None:
        """The participant's last answer, if it is of the current round and not stored."""
        now, place = view.room.state, (view.room.id, who.number)
        with self._lock:
            unsent = self._unsent.get(place)
            if unsent is None or unsent.key[:2] != (now.step, now.round):
                return None
            known = view.answer(who.number, now.step, now.round)
            if known is not None and (known == unsent.answer or known.at > unsent.answer.at):
                del self._unsent[place]  # it was stored all the same, or a later one on another server
                return None
        return unsent

    def waiting_answer(self, view: RoomView, who: Participant | None) -> Unsent | None:
        """The participant's unsent answer, if its question is still open to it, or only paused."""
        unsent = self.unsent(view, who) if who else None
        return unsent if unsent and unsent.in_time(view.room) else None

    def send_again(self, id: str, visitor: str) -> None:
        """Try again to store the visitor's answer that waits, if there is one."""
        view = self._access.memory.peek(id)
        waiting_answer = self.waiting_answer(view, self.find(view, visitor)) if view else None
        if view is not None and waiting_answer is not None and view.room.state.open:
            with suppress(RoomUnavailable):  # the page tries again
                self._store(id, waiting_answer)

    def _store(self, id: str, unsent: Unsent) -> str | None:
        """Store the answer, or return why it is refused. Raises RoomUnavailable."""

        def remember(refusal: str | None) -> None:
            if refusal is None:
                self._access.memory.set_answer(id, unsent.key, unsent.answer)
                self._forget(id, unsent)

        refusal = self._access.change(
            id, lambda connection: store.answer(connection, id, unsent.key, unsent.answer), remember
        )
        if refusal is not None:
            self._access.reload(id)  # another server knows more
        return refusal

    def _forget(self, id: str, unsent: Unsent) -> None:
        """Do not send that answer again. Another one that was given since stays."""
        with self._lock:
            if self._unsent.get((id, unsent.key[2])) is unsent:
                del self._unsent[id, unsent.key[2]]

    def set_name(self, id: str, who: Participant, name: str) -> None:
        """Change the participant's name, if the host allows names. Raises Refused."""
        room = self._access.room(id)
        if not room.state.names:
            raise Refused("The host allows no names in this room.")
        self._access.set_participant(id, who.number, alias=clean_name(name) or alias(room.seed, who.number))

    def set_pace(self, id: str, who: Participant, pace: Pace) -> None:
        """Change how much time the participant has to think. Raises Refused."""
        if pace not in PACES:
            raise Refused("There is no such choice of time.")
        self._access.set_participant(id, who.number, pace=pace)
