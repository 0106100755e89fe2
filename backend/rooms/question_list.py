"""The questions that participants write in a room, as they are at one moment, and what phones send and get of them.

No page says who wrote or voted: a question has its author's number only so that limits and removals work.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

#: The fewest and the most characters of a question, after it was cleaned.
FEWEST_SIGNS, MOST_SIGNS = 3, 280
#: The most open questions of a participant, and the most listed questions of a room.
MOST_OPEN, MOST_LISTED = 5, 300
#: The most questions that a room ever stores, removed ones included.
MOST_STORED = 1000
#: The most characters that are read of a question before it is cleaned.
_MOST_SENT = 1000
#: Letters that look like a space: Hangul fillers and the empty Braille pattern.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
#: Joiners belong to words of some scripts and to some emoji; elsewhere nobody sees them.
_JOINERS = "\u200c\u200d"
_LOOSE_JOINERS = re.compile(rf"(?:(?<=\s)|^)[{_JOINERS}]+|[{_JOINERS}]+(?=[\s{_JOINERS}]|$)")
#: The most marks on one letter.
_MOST_MARKS = 4

Status = Literal["open", "answered", "removed"]


@dataclass(frozen=True)
class RoomQuestion:
    """A question from the room: who wrote it, when, what the host did with it, and who voted for it."""

    number: int
    author: int
    text: str
    at: float
    status: Status = "open"
    votes: frozenset[int] = frozenset()


class ListedQuestion(BaseModel):
    """A question as host and phones show it. It does not say who wrote it."""

    model_config = ConfigDict(frozen=True)

    number: int
    text: str
    votes: int
    answered: bool


class NewQuestion(BaseModel):
    """A question as a phone sends it."""

    model_config = ConfigDict(strict=True, extra="forbid")

    text: str = Field(max_length=_MOST_SENT)


class Vote(BaseModel):
    """A vote for a question as a phone sends it; with `up` false it is taken back."""

    model_config = ConfigDict(strict=True, extra="forbid")

    question: int = Field(ge=1, le=MOST_STORED)
    up: bool


@dataclass(frozen=True)
class QuestionList:
    """All questions of a room by number. Each change of them makes `version` one larger."""

    version: int = 0
    by_number: Mapping[int, RoomQuestion] = field(default_factory=dict)

    def listed(self, absent: Collection[int]) -> list[ListedQuestion]:
        """The questions that the host has not removed: open ones first, then by votes, then by time.

        Questions and votes of the `absent`, who were removed from the room, do not count.
        """
        gone = frozenset(absent)
        shown = [
            (each, len(each.votes) - len(each.votes & gone))
            for each in self.by_number.values()
            if each.status != "removed" and each.author not in gone
        ]
        shown.sort(key=lambda pair: (pair[0].status == "answered", -pair[1], pair[0].at, pair[0].number))
        return [
            ListedQuestion(number=each.number, text=each.text, votes=votes, answered=each.status == "answered")
            for each, votes in shown
        ]

    def removed(self, absent: Collection[int]) -> list[RoomQuestion]:
        """The questions that the host has removed, the latest first."""
        gone = [each for each in self.by_number.values() if each.status == "removed" and each.author not in absent]
        return sorted(gone, key=lambda each: -each.number)

    @property
    def removed_count(self) -> int:
        """How many questions the host has removed."""
        return sum(each.status == "removed" for each in self.by_number.values())

    def voted_by(self, number: int) -> list[int]:
        """The numbers of the questions for which that participant has voted."""
        return [each.number for each in self.by_number.values() if number in each.votes]

    def with_question(self, question: RoomQuestion) -> QuestionList:
        """The list with that question, which is new or has changed."""
        return replace(self, by_number={**self.by_number, question.number: question})

    def with_vote(self, question: int, number: int, up: bool) -> QuestionList:
        """The list with the participant's vote for that question, or without it."""
        before = self.by_number.get(question)
        if before is None:
            return self
        votes = before.votes | {number} if up else before.votes - {number}
        return self.with_question(replace(before, votes=votes))

    def with_status(self, question: int, status: Status) -> QuestionList:
        """The list with another status of that question."""
        before = self.by_number.get(question)
        return self if before is None else self.with_question(replace(before, status=status))


def open_count(listed: Collection[ListedQuestion]) -> int:
    """How many of the listed questions are not answered yet."""
    return sum(not each.answered for each in listed)


def cleaned(text: str) -> str:
    """The text on one line: line breaks, control characters and invisible ones become spaces.

    Of many marks on one letter the first few stay, so that none covers other lines.
    """
    signs: list[str] = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _MOST_MARKS:
            signs.append(sign if sign in _JOINERS or (sign.isprintable() and sign not in _BLANKS) else " ")
    return " ".join(_LOOSE_JOINERS.sub("", " ".join("".join(signs).split())).split())


def same_key(text: str) -> str:
    """A key of the text: two questions with equal keys count as the same question."""
    return unicodedata.normalize("NFKC", text).casefold()
