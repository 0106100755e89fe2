"""Makes the report of a room."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from backend.lessons.lesson import Step
from backend.lessons.scripts import bundled
from backend.rooms import phone
from backend.rooms.machine import BEATS
from backend.rooms.markdown import html_of
from backend.rooms.model import Answer, Participant, Refused, RoomView
from backend.rooms.phone import Panels, Part, Picture
from backend.rooms.report.model import Given, Option, Question, Report
from backend.rooms.shown import Shown
from backend.rooms.training import SHARED, SeedTraining, StepRuns

#: When each round of each question was opened, by step and round.
Openings = Mapping[tuple[int, int], float]
#: The new number of each participant, by that in the room.
Numbers = Mapping[int, int]


def revealed(view: RoomView) -> list[int]:
    """The positions of the questions whose result was revealed."""
    return [i for i in range(len(view.room.lesson.steps)) if view.room.state.shows_result_of(i)]


def build(
    view: RoomView, training: SeedTraining, openings: Openings, panels: Panels, now: float, *, names: bool = False
) -> Report:
    """The report of the room as it is now. With `names` it says who the participants are. Raises Refused.

    Without them, nothing tells which participant gave which answer or has which run: their numbers are random ones.
    """
    positions = revealed(view)
    if not positions:
        raise Refused("There is a report once the result of a question is revealed.")
    numbers = [who.number for who in view.present]
    new = dict(zip(numbers, numbers if names else _shuffled(len(numbers)), strict=True))
    seen, room = _renumbered(view, new), view.room
    questions = []
    for position in positions:
        training.restore(view, position)
        runs = _renumbered_runs(training.of_step(view, position), new)
        questions.append(_question(seen, position, runs, openings, panels))
    return Report(
        lesson=room.lesson_id, title=room.lesson.title, count=len(room.lesson.steps), made=now,
        began=room.state.began_at or room.created, people=len(numbers), questions=tuple(questions),
        aliases={who.number: who.alias for who in view.present} if names else {}, seed=room.seed if names else None,
    )  # fmt: skip


def _question(view: RoomView, position: int, runs: StepRuns, openings: Openings, panels: Panels) -> Question:
    step = view.room.lesson.steps[position]
    result, waits = phone.result(view, position, BEATS, lambda at: runs, panels)
    first, second = (_given(view, position, round, openings) for round in (1, 2))
    mistake = bundled(step)
    text = f"{step.text}\n\n**{mistake.question}**" if mistake else step.text
    return Question(
        step=position, id=step.id, title=step.title, text=text, options=_options(step),
        right=None if result.right is None else step.right, answer=step.kind, confidence=step.block.ask.confidence,
        rounds=(first, second), waits=waits, why=step.why,
        asked=tuple(_still(_part(each)) for each in (*panels.before(view, position)[0], *panels.asked(step))),
        parts=tuple(map(_still, result.parts)),
    )  # fmt: skip


def _options(step: Step) -> tuple[Option, ...]:
    return tuple(Option(text=each.text, right=each.right, misconception=each.misconception) for each in step.options)


def _given(view: RoomView, position: int, round: int, openings: Openings) -> tuple[Given, ...]:
    """The answers of a round, by number. Answers to an option that the question does not have are left out."""
    opened, step = openings.get((position, round)), view.room.lesson.steps[position]
    return tuple(
        Given(number, answer.option, answer.sure, None if opened is None else _seconds(answer, opened), answer.number)
        for number, answer in sorted(view.of_round(position, round).items()) if step.takes(answer.option)
    )  # fmt: skip


def _seconds(answer: Answer, opened: float) -> float:
    """The seconds after the opening. The clocks of two servers may differ a little."""
    return round(max(answer.at - opened, 0.0), 1)


def _part(part: Shown) -> Part:
    picture = Picture(kind=part.kind, data=part.picture) if part.picture is not None else None
    return Part(words=[html_of(words) for words in part.words], picture=picture)


def _still(part: Part) -> Part:
    """The part with a picture that does not move and names no participant."""
    if part.picture is None:
        return part
    gone: dict[str, Any] = {"numbers": [], "play": False, "id": ""}
    data = {key: gone.get(key, value) for key, value in part.picture.data.items()}
    return Part(words=part.words, picture=Picture(kind=part.picture.kind, data=data))


def _shuffled(count: int) -> list[int]:
    return secrets.SystemRandom().sample(range(1, count + 1), count)


def _renumbered(view: RoomView, new: Numbers) -> RoomView:
    """The room with its present participants alone, under other numbers and without names and devices."""
    people = {new[who.number]: Participant(new[who.number], "") for who in view.present}
    answers = {
        key: {new[number]: answer for number, answer in given.items() if number in new}
        for key, given in view.answers.items()
    }
    return RoomView(view.room, people, answers=answers)


def _renumbered_runs(runs: StepRuns, new: Numbers) -> StepRuns:
    """The runs under the new numbers and in their order; without those of participants who were removed."""
    numbers = {number: new.get(number, number) for number in runs.needed if number <= SHARED or number in new}
    done = sorted((numbers[number], run) for number, run in runs.done.items() if number in numbers)
    return StepRuns(
        tuple(numbers.values()), {number: replace(run, number=number, seed=0) for number, run in done},
        frozenset(numbers[number] for number in runs.failures if number in numbers),
        numbers.get(runs.first, SHARED), runs.epochs,
    )  # fmt: skip
