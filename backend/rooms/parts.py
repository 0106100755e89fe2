"""What a room shows of a result, in words and as data of pictures: the same for phones and for the board.

Words are Markdown. Nothing here reads a database or draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.lessons.answers import LETTERS
from backend.lessons.findings import in_words
from backend.lessons.lesson import Step
from backend.rooms import pictures
from backend.rooms.class_result import SeedRun, judge, regions_of, tests_of
from backend.rooms.model import FEWEST, Answer, RoomView, named
from backend.rooms.tally import counts, paired_answers
from backend.rooms.training import SHARED, StepRuns
from backend.words import listed, short

#: The note on the votes of a question with several right options.
SEVERAL = "People could choose several options. An answer is right if it has all right ones and no other."


@dataclass(frozen=True)
class Part:
    """A part of a result: sentences in Markdown, and a picture below them.

    The picture is data (`backend/questions/pictures.py`, `backend/rooms/pictures.py`), or is drawn already, as HTML.
    """

    words: tuple[str, ...] = ()
    picture: Any = field(default=None, compare=False)


def class_runs(view: RoomView, runs_by_number: Mapping[int, SeedRun]) -> tuple[SeedRun, ...]:
    """The runs of the participants who are in the room, by number; without those that options suggest."""
    present = {who.number for who in view.present}
    return tuple(run for number, run in runs_by_number.items() if number in present)


def is_contradicted(view: RoomView, step: Step, step_runs: StepRuns) -> bool:
    """Whether the runs of this room show that the lesson's answer is not right. Then no answer is marked as right."""
    if step.block.run == "shared":
        return _is_shared_run_against(step, shared_runs(step_runs))
    result = judge(step, class_runs(view, step_runs.done))
    return result is not None and result.kind == "no"


def _is_shared_run_against(step: Step, measured: tuple[SeedRun, ...]) -> bool:
    return judge(step, measured) is not None and not measured[0].passes(step)


def votes(step: Step, rounds: Sequence[Mapping[int, Answer]], *, right: bool) -> Part:
    """The votes of each round, with `right` the right options marked; or a sentence on why they are not shown."""
    chosen, totals = tallies(step, rounds)
    if not chosen:
        few = f"Fewer than {FEWEST} people have answered, so the page does not show how many chose what."
        return Part((few,))
    words = _rounds_to_compare(rounds)[0]
    several = (SEVERAL,) if step.kind == "several" else ()
    return Part((*([words] if words else []), *several), pictures.votes(step, chosen, totals, right=right))


def tallies(step: Step, rounds: Sequence[Mapping[int, Answer]]) -> tuple[list[list[int]], list[int]]:
    """How many chose each option, of each round that is drawn, and how many answered.

    Empty if one of them has too few votes to be shown.
    """
    compared = _rounds_to_compare(rounds)[1]
    known = [each for each in (counts(each, step) for each in compared) if each is not None]
    return (known, list(map(len, compared))) if len(known) == len(compared) else ([], [])


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
    words = f"Fewer than {FEWEST} people answered twice, so this shows the round with more answers."
    return words, [max(rounds, key=len)]


def runs(view: RoomView, position: int, step_runs: StepRuns, *, verdict: bool) -> Part:
    """The runs of the class, or the share of them that the question is about.

    With `verdict`, the picture marks what the right answer expects.
    """
    step, present = view.room.lesson.steps[position], class_runs(view, step_runs.done)
    failed, missing = len(step_runs.failed), step_runs.awaited
    result = judge(step, present)
    if result is None:
        if not present and 0 < failed == len(step_runs.missing):
            return Part(("Every training has failed, so there is no run to show.",))
        return Part(("The runs are not ready yet." if missing else "This question has no run that can be shown.",))
    ready, fail = f"**{step_runs.counted()}**", f" {failed} failed." if failed else ""
    regions = _regions(view, position)
    if result.counted:
        right = step.right_options if verdict else ()
        picture = pictures.shares(result, regions, [LETTERS[i] for i in right]) if result.all_finite else None
        return Part((f"{ready}.{fail} In {result.passed} of them, {result.counted}.",), picture)
    each = "" if step_runs.missing else ", each from a different participant"
    sentence = f"{ready}{each}.{fail} Line: {result.name}."
    if len(present) > 1:
        sentence += " Dashed: the median."
    if regions:
        sentence += f" On the right: what each answer predicts{', and its votes' if regions[0].votes else ''}."
    return Part((sentence,), pictures.runs(present, result, verdict=verdict, regions=regions))


def _regions(view: RoomView, position: int) -> list[pictures.Region]:
    """The options that say where the runs end, with their votes if they may be shown."""
    step = view.room.lesson.steps[position]
    chosen, _ = tallies(step, view.rounds(position))
    return [
        pictures.Region(LETTERS[i], low, high, tuple(each[i] for each in chosen))
        for i, (low, high) in regions_of(step).items()
    ]


def verdict(view: RoomView, position: int, step_runs: StepRuns) -> Part:
    """What all runs show together, and what each would have shown alone.

    Of a step without seeds it is the right answer, with what was measured of the shared run. Without a run it says so.
    """
    step = view.room.lesson.steps[position]
    seeds = step.block.run == "seed"
    measured = class_runs(view, step_runs.done) if seeds else shared_runs(step_runs)
    result = judge(step, measured)
    right = named(step, step.right)
    if result is not None and seeds:
        said = result.sentence(right, step_runs.counted()), result.alone_sentence()
        return Part(tuple(f"**{each}**" for each in said if each))
    expected = f"**The lesson expects: {right}.**"
    if step.block.run != "none" and not measured:
        return Part((f"{expected} No run has measured it.",))
    if result is None:
        return Part((f"**The answer: {right}.**",))
    against = _is_shared_run_against(step, measured)
    answer = f"{expected} This run does not show it." if against else f"**The answer: {right}.**"
    return Part((answer, _measured_sentence(step, measured[0])))


def shared_runs(step_runs: StepRuns) -> tuple[SeedRun, ...]:
    """The one run of a step that is the same for all."""
    return tuple(run for number, run in step_runs.done.items() if number == SHARED)


def _measured_sentence(step: Step, run: SeedRun) -> str:
    """What each test of the step reads of the run that all share."""
    words = [in_words(test.figure, step.experiment, test.argument) for test in tests_of(step)]
    values = dict(zip(words, run.values, strict=True))
    said = [f"{words} is {short(value, 4)}" for words, value in values.items() if isinstance(value, float)]
    return f"Measured: {listed(said)}."
