"""What the participants of a room may do."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from backend.database.tables import room_answers
from backend.database.upsert import upsert
from backend.database.visitors import hashed
from backend.lessons.answers import LARGEST_NUMBER, AnswerKind, is_number
from backend.lessons.lesson import Lesson
from backend.rooms import store
from backend.rooms.access import RoomAccess
from backend.rooms.alias import alias, clean_name
from backend.rooms.machine import State
from backend.rooms.model import Answer, Pace, Participant, Paused, RoomRefused, RoomView

_TOO_LATE = "Too late: the answers are frozen."
_NO_SUCH: Mapping[AnswerKind, str] = {
    "one": "The question has no such option.",
    "several": "The question has no such options. Choose at least one of them.",
    "number": f"The question asks for a number from −{LARGEST_NUMBER:,.0f} to {LARGEST_NUMBER:,.0f}.",
}
REMOVED = "The host has removed you from this room."


class SentAnswer(BaseModel):
    """An answer as a phone sends it: to which question, in which round, and what was chosen.

    `option` is an answer of `backend/lessons/answers.py`. If the question asks for a number, `value` is what was typed,
    and decides the option. With `asked`, the question must not have been asked again since (`State.asked`).
    """

    model_config = ConfigDict(strict=True, extra="ignore")  # a page of an earlier version sends more

    step: int
    round: int
    asked: int | None = None
    option: int
    value: float | None = Field(None, allow_inf_nan=False)
    sure: Literal["", "guessing", "fairly sure", "certain"] = ""


class Choice(BaseModel):
    """What a participant chooses for themselves, as a phone sends it."""

    model_config = ConfigDict(strict=True, extra="forbid")

    name: str | None = Field(None, max_length=200)
    pace: Pace | None = None


class Wanted(BaseModel):
    """Which room a phone wants to join: its code, and the invitation of a link."""

    model_config = ConfigDict(strict=True, extra="ignore")  # a page of an earlier version sends more

    code: str = Field(max_length=80)
    invite: str = Field("", max_length=80)


class People:
    """Lets visitors join rooms and answer questions. A visitor is known by a hash of their cookie."""

    def __init__(self, access: RoomAccess, clock: Callable[[], float] = time.time) -> None:
        self._access = access
        self._clock = clock

    def join(self, id: str, visitor: str) -> Participant:
        """The visitor as a participant of the room, new or known. Raises RoomRefused."""
        me, view = hashed(visitor), self._access.existing(id)
        who = self.find(view, visitor)
        if who is None:
            return self._access.commit(
                id,
                lambda connection: store.join(connection, view.room, me, self._clock()),
                lambda new: self._access.set_participant(id, new, me),
            )
        if who.removed:
            raise RoomRefused(REMOVED)
        return who

    def find(self, view: RoomView, visitor: str) -> Participant | None:
        """The visitor in this room, also after they were removed; None before they join."""
        return view.participants.get(view.devices.get(hashed(visitor), 0))

    def answer(self, id: str, who: Participant, sent: SentAnswer) -> None:
        """Store the participant's answer in that round; the last one counts.

        The stored answer may be sent again also when answers are closed: the phone may not have heard that it was
        stored. Raises RoomRefused if answers are closed, and RoomUnavailable if it cannot be stored now.
        """
        view = self._access.existing(id)
        given = self._read(view.room.lesson, sent)
        known = view.answer(who.number, sent.step, sent.round)
        if known is not None and replace(known, at=given.at) == given and not _is_asked_again(view.room.state, sent):
            return
        key = sent.step, sent.round, who.number
        self._access.commit(
            id,
            lambda connection: _store(connection, id, who.number, sent, given),
            lambda done: self._access.change(id, lambda view: view.with_answer(key, given)),
        )

    def _read(self, lesson: Lesson, sent: SentAnswer) -> Answer:
        """The answer as it is stored. Raises RoomRefused for one that the question does not take."""
        if not 0 <= sent.step < len(lesson.steps):
            raise RoomRefused(_TOO_LATE)
        step, option = lesson.steps[sent.step], sent.option
        if sent.value is not None and is_number(sent.value):
            option = step.answer_of(sent.value)
        elif sent.value is not None or step.kind == "number":
            raise RoomRefused(_NO_SUCH["number"])
        if not step.takes(option) or (sent.value is None) is (step.kind == "number"):
            raise RoomRefused(_NO_SUCH[step.kind])
        return Answer(option, sent.sure, self._clock(), sent.value)

    def choose(self, id: str, who: Participant, choice: Choice) -> None:
        """Change the participant's name, if the host allows names, or how much time they have. Raises RoomRefused."""
        room, values = self._access.existing(id).room, choice.model_dump(exclude_none=True)
        if (name := values.pop("name", None)) is not None:
            if not room.state.names:
                raise RoomRefused("The host allows no names in this room.")
            values["alias"] = clean_name(name) or alias(room.seed, who.number)
        self._access.change_participant(id, who.number, **values)


def _is_asked_again(state: State, sent: SentAnswer) -> bool:
    """Whether the question was asked again after the phone had shown it."""
    return sent.step == state.step and sent.asked not in (None, state.asked)


def _store(connection: Connection, room: str, number: int, sent: SentAnswer, given: Answer) -> None:
    """The work of a transaction: store an answer. Raises RoomRefused."""
    state = store.lock_state(connection, room)
    if state is None or state.closed:
        raise RoomRefused("The room is closed.")
    if (state.step, state.round, state.phase) != (sent.step, sent.round, "ask"):
        raise RoomRefused(_TOO_LATE)
    if _is_asked_again(state, sent):
        raise RoomRefused("Too late: the question is asked again.")
    if state.paused:
        raise Paused("The room is paused.")
    who = store.participant(connection, room, number)
    if who is None or who.removed:
        raise RoomRefused("You are not a participant of this room.")
    row = {"room": room, "step": sent.step, "round": sent.round, "number": number, **vars(given)}
    upsert(connection, room_answers, [row])
