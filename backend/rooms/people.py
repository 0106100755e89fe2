"""What the participants of a room may do."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import Connection

from backend.database import Unavailable
from backend.database.visitors import hashed
from backend.rooms import store, tokens
from backend.rooms.access import RoomAccess
from backend.rooms.alias import alias, clean_name
from backend.rooms.machine import State
from backend.rooms.model import PACES, Answer, Pace, Participant, Refused, Room, RoomView

#: The most characters of the word for how sure somebody is.
_MOST_SURE = 40
_REMOVED = "The host has removed you from this room."


def _late(state: State) -> Refused:
    """Why a room in that state accepts an answer no longer."""
    if state.closed:
        return Refused("The room is closed.")
    return Refused("The room is paused." if state.paused else "Too late: the answers are frozen.")


class People:
    """Joins rooms and answers questions. A visitor is known by a hash of their cookie."""

    def __init__(self, access: RoomAccess, clock: Callable[[], float] = time.time) -> None:
        self._access = access
        self._clock = clock

    def join(self, id: str, visitor: str) -> Participant:
        """The visitor as a participant of the room, new or known. Raises Refused."""
        me, view = hashed(visitor), self._access.view(id)
        number = view.devices.get(me)
        if number is None:

            def work(connection: Connection) -> str | Participant | None:
                found = store.join(connection, view.room, me, self._clock())
                return found if isinstance(found, str) else store.participant(connection, id, found)

            def joined(found: str | Participant | None) -> None:
                if isinstance(found, Participant):
                    self._access.memory.set_participant(id, found, me)

            # A class that tries to join again and again must not fill the queue of what waits to be saved.
            found = self._access.change(id, work, joined, wait=False)
            if isinstance(found, str):
                raise Refused(found)
            who = found
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
            raise Refused("This link is of no participant of the room.")
        if who.removed:
            raise Refused(_REMOVED)
        me = hashed(visitor)
        self._access.change(
            id, lambda connection: store.add_device(connection, id, me, who.number),
            lambda done: self._access.memory.set_participant(id, who, me), wait=False,
        )  # fmt: skip
        return who

    def answer(self, id: str, who: Participant, step: int, round: int, option: int, sure: str = "") -> bool:
        """Store the participant's answer in that round. Raises Refused where answers are closed.

        False where it cannot be stored now: then it is counted, and stored as soon as the database allows.
        """
        view, memory = self._access.view(id), self._access.memory
        room, known = view.room, view.participants.get(who.number)
        if (room.state.step, room.state.round) != (step, round) or not room.state.open:
            raise _late(room.state)
        if not 0 <= option < len(room.step.options):
            raise Refused("The question has no such option.")
        word = "".join(sign for sign in sure if sign.isprintable())[:_MOST_SURE]
        given, key = Answer(option, word, time.time()), (step, round, who.number)

        def wait() -> bool:
            if known is None or known.removed:  # elsewhere the database says so
                raise Refused("You are not a participant of this room.")
            if not memory.set_unsaved(id, key, given):
                raise _late(self._access.room(id).state)
            return False

        if memory.has_unsaved(id):  # it waits with the others, and is saved by the same write
            return wait()

        def work(connection: Connection) -> str | None:
            return store.answer(connection, id, who.number, step, round, given)

        def stored(refusal: str | None) -> None:
            if refusal is None:
                memory.set_answer(id, key, given)

        try:
            refusal = self._access.database.commit(memory.whole(id, work), then=stored)
        except Unavailable:
            return wait()
        if refusal is not None:
            self._access.reload(id)
            raise Refused(refusal)
        return True

    def set_name(self, id: str, who: Participant, name: str) -> None:
        """Give oneself a name, where the host allows it. Raises Refused."""
        room = self._access.room(id)
        if not room.state.names:
            raise Refused("The host allows no names in this room.")
        self._access.set_participant(id, who.number, alias=clean_name(name) or alias(room.seed, who.number))

    def set_pace(self, id: str, who: Participant, pace: Pace) -> None:
        """Choose how much time one wants to have. Raises Refused."""
        if pace not in PACES:
            raise Refused("There is no such choice of time.")
        self._access.set_participant(id, who.number, pace=pace)
