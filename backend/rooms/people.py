"""What the participants of a room may do."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from backend.database.visitors import hashed
from backend.lessons.answers import LARGEST_NUMBER, AnswerKind, is_number
from backend.rooms import places, store, tokens
from backend.rooms.access import RoomAccess
from backend.rooms.alias import alias, clean_name
from backend.rooms.machine import State
from backend.rooms.model import PACES, Answer, Pace, Participant, Paused, Refused, Room, RoomView

#: The most characters of the word for how sure somebody is.
_MOST_SURE = 40
_NO_SUCH: Mapping[AnswerKind, str] = {
    "one": "The question has no such option.",
    "several": "The question has no such options. Choose at least one of them.",
    "number": f"The question asks for a number from −{LARGEST_NUMBER:,.0f} to {LARGEST_NUMBER:,.0f}.",
}
REMOVED = "The host has removed you from this room."


def _late_refusal(state: State) -> Refused:
    """Why a room in that state accepts no answer now."""
    if state.closed:
        return Refused("The room is closed.")
    return Paused("The room is paused.") if state.paused else Refused("Too late: the answers are frozen.")


def _given(room: Room, step: int, option: int, number: float | None, sure: str, now: float) -> Answer:
    """The answer to that step as it is stored. Raises Refused for a number that cannot be one."""
    steps = room.lesson.steps
    if number is None or not 0 <= step < len(steps):
        return Answer(option, sure, now, number)
    if not is_number(number):
        raise Refused(_NO_SUCH["number"])
    return Answer(steps[step].answer_of(number), sure, now, number)


class People:
    """Lets visitors join rooms and answer questions. A visitor is known by a hash of their cookie."""

    def __init__(self, access: RoomAccess, clock: Callable[[], float] = time.time) -> None:
        self._access = access
        self._clock = clock

    def join(self, id: str, visitor: str, address: str = "") -> Participant:
        """The visitor as a participant of the room, new or known. Raises Refused."""
        me, view = hashed(visitor), self._access.view(id)
        number = view.devices.get(me)
        if number is None:

            def work(connection: Connection) -> str | Participant | None:
                network = places.network_name(connection, address)
                number = store.join(connection, view.room, me, self._clock(), network)
                return number if isinstance(number, str) else store.participant(connection, id, number)

            def remember(result: str | Participant | None) -> None:
                if isinstance(result, Participant):
                    self._access.set_participant(id, result, me)

            result = self._access.commit(work, remember)
            if isinstance(result, str):
                raise Refused(result)
            who = result
        else:
            who = view.participants.get(number)
        if who is None or who.removed:
            raise Refused(REMOVED)
        return who

    def find(self, view: RoomView, visitor: str) -> Participant | None:
        """The visitor in this room; None before they join, and after they were removed."""
        who = view.participants.get(view.devices.get(hashed(visitor), 0))
        return who if who is not None and not who.removed else None

    def was_removed(self, view: RoomView, visitor: str) -> bool:
        """Whether the visitor was in this room until the host removed them."""
        who = view.participants.get(view.devices.get(hashed(visitor), 0))
        return who is not None and who.removed

    def of_number(self, id: str, number: int) -> Participant | None:
        """The participant of that number, as far as this server knows; None if it knows none."""
        view = self._access.peek(id)
        return view.participants.get(number) if view else None

    def token(self, room: Room, who: Participant) -> str:
        """The token with which the participant continues on another device."""
        return tokens.participant_token(room.secret, who.number)

    def adopt(self, id: str, token: str, visitor: str) -> Participant:
        """Make the visitor the participant who has that token, on another device. Raises Refused."""
        view = self._access.view(id)
        number = tokens.number_of(view.room.secret, token)
        who = view.participants.get(number) if number is not None else None
        if who is None:
            raise Refused("This link belongs to no participant of the room.")
        if who.removed:
            raise Refused(REMOVED)
        me = hashed(visitor)
        self._access.commit(
            lambda connection: store.add_device(connection, id, me, who.number),
            lambda done: self._access.set_participant(id, who, me),
        )
        return who

    def answer(
        self, id: str, who: Participant, step: int, round: int, option: int, sure: str = "", asked: int | None = None,
        *, number: float | None = None,
    ) -> None:  # fmt: skip
        """Store the participant's answer in that round; the last one counts.

        `option` is an answer of `backend/lessons/answers.py`; if the question asks for a number, `number` decides it.
        With `asked`, the question must not have been asked again since (`State.asked`). The stored answer may be sent
        again also when answers are closed: the phone may not have heard that it was stored. Raises Refused if answers
        are closed, and RoomUnavailable if it cannot be stored now.
        """
        view = self._access.view(id)
        room, now = view.room, view.room.state
        word = "".join(sign for sign in sure if sign.isprintable())[:_MOST_SURE]
        key = step, round, who.number
        known = view.answer(who.number, step, round)
        given = _given(room, step, option, number, word, self._clock())
        same = known is not None and replace(known, at=given.at) == given
        if same and (asked in (None, now.asked) or step != now.step):
            return
        if (now.step, now.round) != (step, round) or not now.open:
            raise _late_refusal(now)
        if not room.step.takes(given.option) or (given.number is None) is (room.step.kind == "number"):
            raise Refused(_NO_SUCH[room.step.kind])

        def remember(refusal: Refused | None) -> None:
            if refusal is None:
                self._access.set_answer(id, key, given)

        refusal = self._access.commit(lambda connection: store.answer(connection, id, key, given, asked), remember)
        if refusal is not None:
            self._access.reload(id)  # another server may have changed it
            raise refusal

    def set_name(self, id: str, who: Participant, name: str) -> None:
        """Change the participant's name, if the host allows names. Raises Refused."""
        room = self._access.room(id)
        if not room.state.names:
            raise Refused("The host allows no names in this room.")
        self._access.change_participant(id, who.number, alias=clean_name(name) or alias(room.seed, who.number))

    def set_pace(self, id: str, who: Participant, pace: Pace) -> None:
        """Change how much time the participant has to think. Raises Refused."""
        if pace not in PACES:
            raise Refused("There is no such choice of time.")
        self._access.change_participant(id, who.number, pace=pace)
