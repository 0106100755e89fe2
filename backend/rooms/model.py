"""The room, its participants and their answers, as the parts of this package exchange them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from backend.lessons.answers import names
from backend.lessons.lesson import Lesson, Step
from backend.lessons.parser import InvalidLesson, parse
from backend.rooms.machine import State
from backend.words import listed

#: How much time to think a participant has: as much as the room, ten times as much, or no limit.
Pace = Literal["standard", "10", "none"]
#: With fewer answers, a room shows no distribution of them.
FEWEST = 5
#: The most participants of a room.
MOST_PARTICIPANTS = 1000
#: The most people who may join a room in all. Removed participants keep their numbers.
MOST_NUMBERS = 10_000


class RoomRefused(ValueError):
    """A request that the room refuses, with the reason in a sentence."""


class RoomUnavailable(RoomRefused):
    """The database cannot be read or written now. The same request may succeed later."""


class Paused(RoomRefused):
    """The room is paused. The same request may succeed later."""


class Slowed(RoomRefused):
    """Too many wrong tries or requests came before this request. It is answered after `seconds`."""

    def __init__(self, sentence: str, seconds: float) -> None:
        super().__init__(sentence)
        self.seconds = seconds


class Conflict(RoomRefused):
    """The room has changed since the page was drawn."""


@dataclass(frozen=True)
class Room:
    """A room as it is stored, with times in seconds since 1970. `since` is when the phase began.

    `lesson_text` is the lesson at the time of opening.

    `network` is a short hash of the network from which it was opened, and `looked` is when a host last looked at it.
    """

    id: str
    code: str
    host_hash: str
    secret: str
    owner: str
    lesson_id: str
    lesson_text: str
    seed: int
    state: State
    version: int
    since: float
    server: str
    created: float
    expires: float
    network: str = ""
    board_hash: str = ""  # of the boards of earlier versions
    looked: float = field(default=0.0, compare=False)  # kept up to date only in the database

    @property
    def lesson(self) -> Lesson:
        """The lesson of the room."""
        return _parse(self.lesson_text)

    @property
    def readable(self) -> bool:
        """Whether this server can read the lesson. Another version of Two Heads may have opened the room."""
        try:
            return bool(self.lesson.steps)
        except InvalidLesson:
            return False

    @property
    def step(self) -> Step:
        """The current step of the lesson."""
        return self.lesson.steps[self.state.step]


@dataclass(frozen=True)
class Participant:
    """Somebody in a room. Their seed is the room's seed plus their number.

    `joined` is in seconds since 1970.
    """

    number: int
    alias: str
    pace: Pace = "standard"
    removed: bool = False
    joined: float = 0.0


@dataclass(frozen=True)
class Answer:
    """An answer (`backend/lessons/answers.py`), how sure the participant is, and when it was given.

    `value` is what they typed if the question asks for a number.
    """

    option: int
    sure: str
    at: float
    value: float | None = None

    @property
    def given(self) -> int | float:
        """What the participant chose or typed."""
        return self.option if self.value is None else self.value


#: The answers of a round by the participant's number.
Answers = Mapping[int, Answer]
#: The key of an answer: the step, the round, and the participant's number.
Key = tuple[int, int, int]


@dataclass(frozen=True)
class RoomView:
    """A room at one moment, as it is stored. `devices` has the participant's number by the hash of the visitor."""

    room: Room
    participants: Mapping[int, Participant] = field(default_factory=dict)
    devices: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[tuple[int, int], Answers] = field(default_factory=dict)

    @property
    def present(self) -> list[Participant]:
        """The participants who were not removed, by number."""
        return [each for _, each in sorted(self.participants.items()) if not each.removed]

    @property
    def silent(self) -> list[Participant]:
        """Those of them who have answered no question."""
        answered = {number for answers in self.answers.values() for number in answers}
        return [who for who in self.present if who.number not in answered]

    def of_round(self, step: int, round: int) -> dict[int, Answer]:
        """The answers in a round of a step, of participants who were not removed."""
        answers = self.answers.get((step, round), {})
        here = {each.number for each in self.present}  # another server may know one who joined a moment ago
        return {number: answer for number, answer in answers.items() if number in here}

    def rounds(self, step: int) -> list[dict[int, Answer]]:
        """The answers of a step, round by round, as far as there are any."""
        return [answers for round in (1, 2) if (answers := self.of_round(step, round))]

    def with_answer(self, key: Key, answer: Answer) -> RoomView:
        """The view with that answer. Of two answers to one question in the same round, the later one counts."""
        step, round, number = key
        others = self.answers.get((step, round), {})
        if number in others and others[number].at > answer.at:
            return self
        return replace(self, answers={**self.answers, (step, round): {**others, number: answer}})

    def answer(self, number: int, step: int, round: int) -> Answer | None:
        """The answer of a participant; None if they have not answered."""
        return self.answers.get((step, round), {}).get(number)


def option_names(step: Step) -> tuple[str, ...]:
    """What sentences call the options: letters, or the numbers of a question for a number."""
    return names(step.kind, [option.text for option in step.options])


def named(step: Step, answer: int) -> str:
    """What a sentence calls the options that an answer chooses: "B, about twice as large", or "2 ± 0.1"."""
    called = listed(option_names(step)[i] for i in step.chosen(answer))
    return called if step.kind == "number" else f"{called}, {step.words(answer)}"


def run_owner(room: str, number: int) -> str:
    """The owner in whose name a run of the room is saved, in place of a visitor."""
    return f"room.{room}.{number}"


@lru_cache(maxsize=64)
def _parse(text: str) -> Lesson:
    return parse(text)
