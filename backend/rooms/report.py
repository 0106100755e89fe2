"""The report of a room: what its answers show of each question whose result was revealed. It names nobody.

Its sentences are plain text, and claim no more than the answers tell.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from backend.lessons.lesson import Step
from backend.rooms import phone
from backend.rooms.machine import STAGES
from backend.rooms.model import FEWEST, Answers, RoomRefused, RoomView
from backend.rooms.parts import Part, tallies
from backend.rooms.phone import Panels
from backend.rooms.tally import paired_answers
from backend.rooms.training import SeedTraining
from backend.words import counted, minus

#: What holds for every question.
HOW_TO_READ = (
    "“Before” and “after” are the answers of the same people: those who answered both rounds. A difference does not "
    "show what caused it. People talked in between, but they also had more time, and saw the question again. If the "
    "people are few, another class may differ much.",
    "The normalized gain g is (after − before) / (1 − before), where both are shares of right answers (R. R. Hake, "
    "American Journal of Physics 66:64, 1998). It is 1 if all are right after, and 0 if as many are right as before.",
    f"With fewer than {FEWEST} answers, the report shows no distribution: it could name a person.",
)


@dataclass(frozen=True)
class Question:
    """A question whose result was revealed, with its position in the lesson.

    `rounds` has the answers of each round by the participant's number. `right` is the right answer; None if the runs of
    the class contradict it. `asked` is what the question shows before its answer, such as a script. `parts` are the
    votes, what was measured, and the verdict, as phones show them. With `waits`, some results are not ready.
    """

    step: Step
    position: int
    rounds: tuple[Answers, Answers]
    right: int | None
    asked: tuple[Part, ...] = ()
    parts: tuple[Part, ...] = ()
    waits: bool = False

    @property
    def right_options(self) -> tuple[int, ...]:
        """The positions of the options that count as right."""
        return () if self.right is None else self.step.right_options

    @property
    def columns(self) -> list[tuple[str, list[int], int]]:
        """The votes to show: a name, how many chose each option, and how many answered. Empty if there are too few."""
        counts, people = tallies(self.step, [answers for answers in self.rounds if answers])
        names = ("before", "after") if len(counts) == 2 else ("answers",)
        return list(zip(names, counts, people, strict=False))

    @property
    def switches(self) -> list[list[int]]:
        """Of the people who answered both rounds, how many chose option i before and j after, in row i and column j.

        Of a question with several right options, 0 stands for the right answer, and 1 for any other. Empty for fewer
        than `FEWEST` people.
        """
        both, several = paired_answers(self.rounds), self.step.kind == "several"
        size = 2 if several else len(self.step.options)
        rows = [[0] * size for _ in range(size)]
        for number in both[0]:
            answers = (answers[number].option for answers in both)
            before, after = (int(each != self.step.right) if several else each for each in answers)
            rows[before][after] += 1
        return rows if len(both[0]) >= FEWEST else []

    def comparison(self) -> str:
        """Before and after of the same people, with the normalized gain; empty if there was one round."""
        first, second = self.rounds
        if not second:
            return ""
        rows = self.switches
        if not rows:
            return f"Fewer than {FEWEST} people answered both rounds, so the report does not compare the rounds."
        count, once = sum(map(sum, rows)), len(first.keys() ^ second.keys())
        said = f"{count} people answered both rounds, and {once} answered only one round."
        if self.right is None:
            return said
        right = 0 if self.step.kind == "several" else self.right
        before, after = sum(rows[right]), sum(row[right] for row in rows)
        said += f" Of the {count}, {share(before, count)} were right before, and {share(after, count)} after."
        if before < count:
            said += f" Normalized gain: g = {minus(f'{(after - before) / (count - before):z.2f}')}."
        return said


@dataclass(frozen=True)
class Report:
    """The report of a room. `made` is when it was made, in seconds since 1970."""

    view: RoomView
    made: float
    questions: tuple[Question, ...]

    def about(self) -> str:
        """When the lesson was, who took part, and how much of it the report has."""
        room, people = self.view.room, counted(len(self.view.present), "participant")
        questions = f"the result of {len(self.questions)} of {counted(len(room.lesson.steps), 'question')}"
        began = minute(room.state.began_at or room.created)
        return f"Lesson of {began}, with {people}. The room has shown {questions}."


def revealed(view: RoomView) -> list[int]:
    """The positions of the questions whose result was revealed."""
    return [i for i in range(len(view.room.lesson.steps)) if view.room.state.shows_result_of(i)]


def build(view: RoomView, training: SeedTraining, panels: Panels, made: float) -> Report:
    """The report of the room as it is now. Raises RoomRefused."""
    positions = revealed(view)
    if not positions:
        raise RoomRefused("There is a report once the result of a question is revealed.")
    return Report(view, made, tuple(_question(view, position, training, panels) for position in positions))


def _question(view: RoomView, position: int, training: SeedTraining, panels: Panels) -> Question:
    step = view.room.lesson.steps[position]
    result, waits = phone.result(view, position, STAGES, training, panels)
    return Question(
        step, position, (view.of_round(position, 1), view.of_round(position, 2)),
        None if result.right is None else step.right,
        tuple(panels.question(view, position)[0]), tuple(result.parts), waits,
    )  # fmt: skip


def minute(moment: float) -> str:
    """The minute of a moment: "4 December 2026, 09:05 UTC"."""
    at = datetime.fromtimestamp(moment, UTC)
    return f"{at.day} {at:%B %Y}, {at:%H:%M %Z}"


def share(part: int, total: int) -> str:
    """A count with its percentage: "12 (40 %)"."""
    return f"{part} ({math.floor(100 * part / max(total, 1) + 0.5)} %)"  # rounded as in the pictures
