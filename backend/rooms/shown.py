"""What a room shows of a result, in words and as data of pictures: the same for phones and for the board.

Words are Markdown. Nothing here reads a database or draws.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from backend.lessons.answers import LETTERS
from backend.lessons.expect import Condition
from backend.lessons.findings import in_words
from backend.lessons.lesson import Step
from backend.rooms import pictures
from backend.rooms.class_result import ClassResult, SeedRun, judge, regions_of, tests_of
from backend.rooms.model import FEWEST, Answer, RoomView, letters, named, option_names
from backend.rooms.pictures import Size
from backend.rooms.tally import counts, paired_answers
from backend.rooms.training import SHARED, StepRuns
from backend.words import listed, short

#: The note on the votes of a question with several right options.
SEVERAL = "People could choose several options. An answer is right if it has all right ones and no other."
#: The renderers of pictures: `components/browser/room_<kind>.js`.
Kind = Literal["votes", "regions", "runs", "axis", "picture"]


@dataclass(frozen=True)
class Shown:
    """A part of a result: sentences, and below them the picture that the renderer of that kind draws from its data."""

    words: tuple[str, ...] = ()
    picture: Mapping[str, Any] | None = field(default=None, compare=False)
    kind: Kind = "picture"


def class_runs(view: RoomView, runs_by_number: Mapping[int, SeedRun]) -> list[SeedRun]:
    """The runs of the participants who are in the room, by number; without those that options suggest."""
    present = {who.number for who in view.present}
    return [run for number, run in runs_by_number.items() if number in present]


def class_result(view: RoomView, step: Step, step_runs: StepRuns) -> ClassResult | None:
    """What the runs of the class show together; None if the step trains no seeds, or if no run is ready."""
    return judge(step, class_runs(view, step_runs.done)) if step.block.run == "seed" else None


def is_contradicted(view: RoomView, step: Step, step_runs: StepRuns) -> bool:
    """Whether the runs of this room show that the lesson's answer is not right. Then no answer is marked as right."""
    if step.block.run == "shared":
        return _is_shared_run_against(step, shared_runs(step_runs))
    result = class_result(view, step, step_runs)
    return result is not None and result.kind == "no"


def _is_shared_run_against(step: Step, measured: Sequence[SeedRun]) -> bool:
    return judge(step, measured) is not None and not measured[0].passes(step)


def votes(step: Step, rounds: Sequence[Mapping[int, Answer]], size: Size, *, right: bool) -> Shown:
    """The votes of each round, with `right` the right options marked; or a sentence on why they are not shown."""
    counted, totals = tallies(step, rounds)
    if not counted:
        return Shown((_too_few(rounds),))
    words = _rounds_to_compare(rounds)[0]
    several = (SEVERAL,) if step.kind == "several" else ()
    drawn = pictures.votes(step, counted, totals, size, right=right)
    return Shown((*([words] if words else []), *several), drawn, "votes")


def tallies(step: Step, rounds: Sequence[Mapping[int, Answer]]) -> tuple[list[list[int]], list[int]]:
    """How many chose each option, of each round that is drawn, and how many answered.

    Empty if one of them has too few votes to be shown.
    """
    drawn = _rounds_to_compare(rounds)[1]
    known = [each for each in (counts(each, step) for each in drawn) if each is not None]
    return (known, list(map(len, drawn))) if len(known) == len(drawn) else ([], [])


def _rounds_to_compare(rounds: Sequence[Mapping[int, Answer]]) -> tuple[str, Sequence[Mapping[int, Answer]]]:
    """What the bars show, in words, and the rounds to draw: one alone if too few people answered twice."""
    if len(rounds) < 2:
        return "", rounds
    both = paired_answers(rounds)
    count = len(both[0])
    once = len({*rounds[0], *rounds[1]}) - count
    if count >= FEWEST:
        words = f"The first answers, and the second ones: those of the **{count} people** who answered twice."
        return f"{words} {once} answered once." if once else words, both
    larger = max((0, 1), key=lambda i: len(rounds[i]))
    which = ("first", "second")[larger]
    return f"Fewer than {FEWEST} people answered twice, so this shows all answers of the {which} round.", [
        rounds[larger]
    ]


def _too_few(rounds: Sequence[Mapping[int, Answer]]) -> str:
    if not rounds:
        return "Nobody has answered."
    who = f"Fewer than {FEWEST} people" if len(rounds) == 1 else f"In both rounds, fewer than {FEWEST} people"
    return f"{who} have answered, so the page does not show how many chose what."


def runs(view: RoomView, position: int, step_runs: StepRuns, size: Size, *, verdict: bool, awaited: bool) -> Shown:
    """The runs of the class, and with `verdict` what the right answer expects. More may come if they are `awaited`."""
    step, present = view.room.lesson.steps[position], class_runs(view, step_runs.done)
    failed, absent = len(step_runs.failed), len(step_runs.missing)
    missing = absent - failed if awaited else 0
    result = judge(step, present)
    if result is None:
        words = "The runs are not ready yet." if missing else "This question has no run that can be shown."
        all_failed = not present and 0 < failed == absent
        return Shown(("Every training has failed, so there is no run to show." if all_failed else words,))
    several = len(present) > 1
    each = "each from a different participant" if several else "from one participant"
    sentence = f"**{len(present)} run{'s' if several else ''}**, {each}. Line: {figure_words(step)}."
    if several:
        sentence += " Dashed: the median."
    if missing:
        sentence += f" {missing} more {'is' if missing == 1 else 'are'} not ready."
    if failed:
        sentence += f" {failed} failed."
    regions, _ = _regions(view, position)
    if regions:
        votes_too = ", and its votes" if regions[0].votes and size == "phone" else ""
        sentence += f" The marks beside the lines show the range of final values that an answer predicts{votes_too}."
    drawn = pictures.runs(f"{view.room.id}.{position}", present, result, size, verdict=verdict, regions=regions)
    return Shown((sentence,), drawn, "runs")


def votes_on_axis(view: RoomView, position: int, *, right: bool) -> Shown | None:
    """The votes of each option, at the values where it says that the runs end; with `right`, the right one is shaded.

    None if the options have no such values. Too few votes are not shown, and a sentence says so.
    """
    step = view.room.lesson.steps[position]
    regions, elsewhere = _regions(view, position)
    if not regions:
        return None
    rounds = view.rounds(position)
    said = [f"Axis: {figure_words(step)}, and where each answer says that it ends."]
    if elsewhere:
        others = listed(each.letter for each in elsewhere)
        said[0] += f" {others} {'names' if len(elsewhere) == 1 else 'name'} no value."
    if not regions[0].votes:
        said.append(_too_few(rounds))
    elif words := _rounds_to_compare(rounds)[0]:
        said.append(words)
    shaded = step.right_options[0] if right and len(step.right_options) == 1 else None
    totals = tallies(step, rounds)[1]
    drawn = pictures.regions(f"{view.room.id}.{position}", regions, elsewhere, totals, shaded)
    return Shown(tuple(said), drawn, "regions")


def _regions(view: RoomView, position: int) -> tuple[list[pictures.Region], list[pictures.Region]]:
    """The options that say where the runs end, then the others; with their votes if they may be shown."""
    step = view.room.lesson.steps[position]
    found, (counted, _) = regions_of(step), tallies(step, view.rounds(position))
    options = [
        pictures.Region(LETTERS[i], *found.get(i, (-math.inf, math.inf)), votes=tuple(each[i] for each in counted))
        for i in range(len(step.options))
    ]
    return [options[i] for i in found], [option for i, option in enumerate(options) if found and i not in found]


def verdict(view: RoomView, position: int, step_runs: StepRuns, size: Size, finding: str = "") -> Shown:
    """What all runs show together, and what each would have shown alone.

    Of a step without seeds it is the right answer with what was measured: the shared run, or the `finding`.
    """
    step = view.room.lesson.steps[position]
    seeds = step.block.run == "seed"
    measured = class_runs(view, step_runs.done) if seeds else shared_runs(step_runs)
    result = judge(step, measured)
    if result is None or not seeds:
        text = "" if step.kind == "number" else f" {step.ticked}."
        answer = f"**The answer: {letters(step, step.right)}.**{text}"
        if not seeds and _is_shared_run_against(step, measured):
            answer = f"**The lesson expects {letters(step, step.right)}.**{text} This run does not show it."
        if result is not None:
            return Shown((answer, _measured_sentence(step, measured[0])))
        if seeds and not measured:
            return Shown((answer, "This is what the lesson expects. No run of this class has measured it yet."))
        return Shown((answer, finding) if finding else (answer,))
    alone = result.alone_sentence()
    words = [f"**{result.sentence(named(step, step.right))}**", *([f"**{alone}**"] if alone else [])]
    tried = _tried_values(step, step_runs.done)
    drawn = pictures.axis(step, measured, result, tried, size)
    if drawn is not None:
        words.append(_axis_sentence(result, [option_names(step)[i] for i in sorted(tried)], size))
    return Shown(tuple(words), drawn, "axis")


def shared_runs(step_runs: StepRuns) -> list[SeedRun]:
    """The one run of a step that is the same for all."""
    return [run for number, run in step_runs.done.items() if number == SHARED]


def awaited_runs(step: Step, step_runs: StepRuns) -> frozenset[int]:
    """The unfinished runs that the verdict waits for."""
    if not tests_of(step):
        return frozenset()
    return step_runs.awaited if step.block.run == "seed" else step_runs.awaited & {SHARED}


def figure_words(step: Step) -> str:
    """What the step's first test reads of a run, in words."""
    return _words_of(step, tests_of(step)[0])


def _words_of(step: Step, test: Condition) -> str:
    return in_words(test.figure, step.experiment, test.argument)


def _measured_sentence(step: Step, run: SeedRun) -> str:
    """What each test of the step reads of the run that all share."""
    values = {_words_of(step, test): value for test, value in zip(tests_of(step), run.values, strict=True)}
    said = [f"{words} is {short(value, 4)}" for words, value in values.items() if isinstance(value, float)]
    return f"Measured: {listed(said)}."


def _tried_values(step: Step, runs_by_number: Mapping[int, SeedRun]) -> dict[int, float]:
    """The measured value of the experiment that each wrong option suggests."""
    ends = {-1 - number: run.values[0] for number, run in runs_by_number.items() if number < SHARED and run.values}
    return {i: value for i, value in ends.items() if isinstance(value, float) and i < len(step.options)}


def _axis_sentence(result: ClassResult, tried: Sequence[str], size: Size) -> str:
    """What the marks of the axis are, with the options `tried` in an experiment. A wall has place for few words."""
    named, several = listed(tried), len(tried) > 1
    if size == "wall":
        red = f" Red: the experiment{'s' if several else ''} that the lesson suggests for {named}." if tried else ""
        return f"Each dot is one run.{red}"
    words = (
        f"Each dot is one run. The axis is the {result.name_in_words}, and its shaded part is what the lesson expects."
    )
    if tried:
        lines = "The lines mark the experiments" if several else "The line marks the experiment"
        words += f" {lines} that the lesson suggests for {named}."
    return words
