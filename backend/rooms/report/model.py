"""A report as it is stored: the questions whose result was revealed, their answers, and what was shown of them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from backend.lessons.answers import AnswerKind, names, positions_of
from backend.lessons.lesson import MOST_OPTIONS
from backend.rooms.model import Refused
from backend.rooms.phone import Part

#: The most bytes of a stored report, compressed.
MOST_BYTES = 4_000_000


class Given(NamedTuple):
    """An answer: whose, which one, how sure, and the seconds since the question was opened (None if unknown).

    `option` is an answer of `backend/lessons/answers.py`, and `value` the number of a question for a number.
    """

    number: int
    option: int
    sure: str
    seconds: float | None
    value: float | None = None


class Option(BaseModel):
    """An option. `text` is Markdown."""

    text: str
    right: bool
    misconception: str = ""


class Question(BaseModel):
    """A question of a report, with `step` its position in the lesson.

    `right` is the right answer; None if the runs of the class contradict it. `answer` is the kind of answer that the
    question takes. `text` is Markdown. `asked` is what the question shows before its answer, such as a script. `parts`
    are the votes, what was measured, and the verdict, as phones showed them. With `waits`, some results were not ready.
    """

    step: int = Field(ge=0)
    id: str
    title: str
    text: str
    options: tuple[Option, ...] = Field(max_length=MOST_OPTIONS)
    right: int | None
    answer: AnswerKind = "one"
    confidence: bool
    rounds: tuple[tuple[Given, ...], tuple[Given, ...]]
    asked: tuple[Part, ...] = ()
    parts: tuple[Part, ...]
    waits: bool = False
    why: str = ""

    def chosen(self, answer: int) -> tuple[int, ...]:
        """The positions of the options that an answer chooses."""
        return positions_of(answer) if self.answer == "several" else (answer,)

    @property
    def names(self) -> tuple[str, ...]:
        """What tables call the options."""
        return names(self.answer, [option.text for option in self.options])

    @property
    def right_options(self) -> tuple[int, ...]:
        """The positions of the options that count as right."""
        return () if self.right is None else self.chosen(self.right)


class Report(BaseModel):
    """The report of a room. `made` is when it was made, and `began` when the lesson began, in seconds since 1970.

    `aliases` has the names of the participants, and `seed` the room's seed; without names, both are empty, and the
    numbers of participants are random ones of this report.
    """

    model_config = ConfigDict(frozen=True)

    lesson: str
    title: str
    count: int = Field(ge=1, description="the questions of the lesson")
    made: float
    began: float
    people: int = Field(ge=0)
    aliases: Mapping[int, str] = {}
    seed: int | None = None
    questions: tuple[Question, ...]

    @property
    def has_names(self) -> bool:
        """Whether it says who the participants are."""
        return self.seed is not None


def pack(report: Report) -> bytes:
    """The report as compressed JSON. Raises Refused if it is too large."""
    packed = zlib.compress(report.model_dump_json().encode(), level=6)
    if len(packed) > MOST_BYTES:
        size, most = len(packed) / 1e6, MOST_BYTES / 1e6
        raise Refused(f"This report has {size:.1f} MB, and a kept one at most {most:.0f} MB. Save it as a PDF.")
    return packed


def unpack(packed: bytes) -> Report:
    """The report that `pack` has written. Raises ValueError if it is damaged, or has the form of another version."""
    try:
        text = zlib.decompress(packed)
    except zlib.error as error:
        raise ValueError("its compressed data are damaged") from error
    return Report.model_validate_json(text)
