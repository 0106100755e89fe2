"""The report of a room: what its answers show of each question whose result was revealed. It names nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from backend.lessons.lesson import Step
from backend.rooms import phone
from backend.rooms.machine import BEATS
from backend.rooms.model import FEWEST, Answer, Answers, Refused, RoomView
from backend.rooms.phone import Panels, Part
from backend.rooms.tally import CERTAIN, paired_answers
from backend.rooms.training import SeedTraining


@dataclass(frozen=True)
class Pairs:
    """The people who answered both rounds. `switches[i][j]` counts those who chose option i before, and j after.

    Of a question with several right options, 0 stands for the right answer, and 1 for any other. `right` is the
    position of the right answer; None if no answer counts as right.
    """

    switches: tuple[tuple[int, ...], ...]
    right: int | None

    @property
    def count(self) -> int:
        """How many people there are."""
        return sum(map(sum, self.switches))

    @property
    def right_before(self) -> int:
        """How many were right before; 0 if no answer counts as right."""
        return 0 if self.right is None else sum(self.switches[self.right])

    @property
    def right_after(self) -> int:
        """How many were right after; 0 if no answer counts as right."""
        return 0 if self.right is None else sum(row[self.right] for row in self.switches)

    @property
    def gain(self) -> float | None:
        """The normalized gain (after − before) / (1 − before) of shares of right answers.

        None if no answer counts as right, or if all were right before. Hake 1998, American Journal of Physics 66:64.
        """
        wrong_before = self.count - self.right_before
        return None if self.right is None or not wrong_before else (self.right_after - self.right_before) / wrong_before


@dataclass(frozen=True)
class Quartiles:
    """The quartiles of the times to answer, in seconds, of `count` answers."""

    low: float
    median: float
    high: float
    count: int


@dataclass(frozen=True)
class Confidence:
    """Of `count` answers that say how sure somebody is, those that are certain, and certain of a wrong option.

    `certain_wrong` is None if no option counts as right.
    """

    count: int
    certain: int
    certain_wrong: int | None


@dataclass(frozen=True)
class Question:
    """A question whose result was revealed, with its position in the lesson.

    `rounds` has the answers of each round by the participant's number, and `opened` when each round was opened, if that
    is known. `right` is the right answer; None if the runs of the class contradict it. `asked` is what the question
    shows before its answer, such as a script. `parts` are the votes, what was measured, and the verdict, as phones show
    them. With `waits`, some results are not ready.
    """

    step: Step
    position: int
    rounds: tuple[Answers, Answers]
    opened: tuple[float | None, float | None]
    right: int | None
    asked: tuple[Part, ...] = ()
    parts: tuple[Part, ...] = ()
    waits: bool = False

    @property
    def given(self) -> list[Answers]:
        """The rounds in which anybody answered."""
        return [answers for answers in self.rounds if answers]

    @property
    def right_options(self) -> tuple[int, ...]:
        """The positions of the options that count as right."""
        return () if self.right is None else self.step.right_options

    @property
    def pairs(self) -> Pairs | None:
        """The people who answered both rounds; None if they are fewer than `FEWEST`."""
        first, second = paired_answers(self.rounds)
        if len(first) < FEWEST:
            return None
        several = self.step.kind == "several"
        size, right = (2, None if self.right is None else 0) if several else (len(self.step.options), self.right)
        switches = np.zeros((size, size), dtype=int)
        for pair in zip(first.values(), second.values(), strict=True):
            before, after = (int(each.option != self.step.right) if several else each.option for each in pair)
            switches[before, after] += 1
        return Pairs(tuple(map(tuple, switches.tolist())), right)

    @property
    def times(self) -> tuple[Quartiles | None, Quartiles | None]:
        """The times to answer in each round; None if fewer than `FEWEST` are known."""
        first, second = map(_quartiles, self.rounds, self.opened)
        return first, second

    @property
    def confidence(self) -> tuple[Confidence | None, Confidence | None]:
        """How many are certain in each round; None if fewer than `FEWEST` answers say how sure somebody is."""
        first, second = (_confidence(answers, self.right) for answers in self.rounds)
        return first, second


@dataclass(frozen=True)
class Report:
    """The report of a room. `made` is when it was made, in seconds since 1970."""

    view: RoomView
    made: float
    questions: tuple[Question, ...]


def revealed(view: RoomView) -> list[int]:
    """The positions of the questions whose result was revealed."""
    return [i for i in range(len(view.room.lesson.steps)) if view.room.state.shows_result_of(i)]


def build(view: RoomView, training: SeedTraining, panels: Panels, now: float) -> Report:
    """The report of the room as it is now. Raises Refused."""
    positions = revealed(view)
    if not positions:
        raise Refused("There is a report once the result of a question is revealed.")
    for position in positions:
        training.restore(view, position)
    return Report(view, now, tuple(_question(view, position, training, panels) for position in positions))


def _question(view: RoomView, position: int, training: SeedTraining, panels: Panels) -> Question:
    step, now = view.room.lesson.steps[position], view.room.state
    result, waits = phone.result(view, position, BEATS, lambda at: training.of_step(view, at), panels)
    first, second = (_answers(view, position, round) for round in (1, 2))
    return Question(
        step, position, (first, second), (now.opened_at(position, 1), now.opened_at(position, 2)),
        None if result.right is None else step.right,
        tuple(_still(phone.part_of(each)) for each in (*panels.before(view, position)[0], *panels.asked(step))),
        tuple(map(_still, result.parts)), waits,
    )  # fmt: skip


def _answers(view: RoomView, position: int, round: int) -> Answers:
    """The answers of a round, without those to an option that the question does not have."""
    step = view.room.lesson.steps[position]
    return {n: answer for n, answer in view.of_round(position, round).items() if step.takes(answer.option)}


def _still(part: Part) -> Part:
    """The part with a picture that does not move and names no participant."""
    if part.picture is None:
        return part
    gone: dict[str, Any] = {"numbers": [], "play": False, "id": ""}
    data = {key: gone.get(key, value) for key, value in part.picture.data.items()}
    return Part(words=part.words, picture=part.picture.model_copy(update={"data": data}))


def seconds(answer: Answer, opened: float) -> float:
    """The seconds after the opening. The clocks of two servers may differ a little."""
    return max(answer.at - opened, 0.0)


def _quartiles(answers: Answers, opened: float | None) -> Quartiles | None:
    if opened is None or len(answers) < FEWEST:
        return None
    low, median, high = np.percentile([seconds(each, opened) for each in answers.values()], [25, 50, 75]).tolist()
    return Quartiles(low, median, high, len(answers))


def _confidence(answers: Answers, right: int | None) -> Confidence | None:
    sure = [each for each in answers.values() if each.sure]
    if len(sure) < FEWEST:
        return None
    certain = [each for each in sure if each.sure == CERTAIN]
    wrong = None if right is None else sum(each.option != right for each in certain)
    return Confidence(len(sure), len(certain), wrong)
