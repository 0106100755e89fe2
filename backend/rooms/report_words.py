"""The sentences of a report. They are plain text, and claim no more than the answers tell."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import NamedTuple

from backend.rooms.model import FEWEST
from backend.rooms.report import Confidence, Pairs, Question, Report
from backend.rooms.shown import tallies
from backend.words import counted, minus

#: With fewer people, the report says that they are few.
FEW = 20
#: What holds for every question.
HOW_TO_READ = (
    "“Before” and “after” are the answers of the same people: those who answered both rounds. A difference does not "
    "show what caused it. People talked in between, but they also had more time, and saw the question again.",
    "The normalized gain g is (after − before) / (1 − before), where both are shares of right answers (R. R. Hake, "
    "American Journal of Physics 66:64, 1998). It is 1 if all are right after, and 0 if as many are right as before.",
    f"With fewer than {FEWEST} answers, the report shows no distribution: it could name a person.",
)


def minute(moment: float) -> str:
    """The minute of a moment: "4 December 2026, 09:05 UTC"."""
    at = datetime.fromtimestamp(moment, UTC)
    return f"{at.day} {at:%B %Y}, {at:%H:%M %Z}"


def about(report: Report) -> str:
    """When the lesson was, who took part, and how much of it the report has."""
    room, people = report.view.room, counted(len(report.view.present), "participant")
    questions = f"the result of {len(report.questions)} of {counted(len(room.lesson.steps), 'question')}"
    began = minute(room.state.began_at or room.created)
    return f"Lesson of {began}, with {people}. The room has shown {questions}."


def contradicted(question: Question) -> str:
    """Why no option is marked as right although the lesson expects one; empty if that is not so."""
    if question.right is not None:
        return ""
    return "The runs of this class contradict the answer that the lesson expects, so no option counts as right here."


class Column(NamedTuple):
    """A column of votes: its name, how many chose each option, and how many answered."""

    name: str
    counts: list[int]
    people: int


def columns(question: Question) -> list[Column]:
    """The votes to show: before and after of the same people, or one round alone. Empty if there are too few."""
    counts, people = tallies(question.step, question.given)
    names = ("before", "after") if len(counts) == 2 else (_alone(question),)
    return [Column(*each) for each in zip(names, counts, people, strict=False)]


def _alone(question: Question) -> str:
    """What a column of one round is called, which has the more answers of two."""
    if len(question.given) < 2:
        return "answers"
    first, second = question.rounds
    return "first answers" if len(first) >= len(second) else "second answers"


def pairs(question: Question) -> list[str]:
    """Before and after of the same people, in sentences; none if there was one round."""
    first, second = question.rounds
    if not second:
        return []
    found = question.pairs
    if found is None:
        return [f"Fewer than {FEWEST} people answered both rounds, so the report does not compare the rounds."]
    count, once = found.count, len(first.keys() ^ second.keys())
    sentences = [f"{count} people answered both rounds, and {once} answered only one round."]
    if found.right is not None:
        before, after = share(found.right_before, count), share(found.right_after, count)
        sentences.append(f"Of the {count}, {before} were right before, and {after} after.")
    sentences.append(_gain(found))
    if count < FEW:
        sentences.append(f"{count} people are few: another class may differ much.")
    return sentences


def _gain(found: Pairs) -> str:
    if found.right is None:
        return "There is no normalized gain: no option of this question counts as right."
    if found.gain is None:
        return "The normalized gain cannot be computed: all of these people were right before."
    each = 1 / (found.count - found.right_before)
    digits = max(2, 1 - math.floor(math.log10(each)))  # at least two significant ones of the smaller number
    return (
        f"Normalized gain: g = {_number(found.gain, digits)}. One right answer more or less after would change it by "
        f"{_number(each, digits)}."
    )


def confidence(question: Question) -> list[str]:
    """How many are certain, and certain of a wrong answer, in each round."""
    both = zip(("first", "second"), question.confidence, strict=True)
    sentences = [_confidence(round, found) for round, found in both if found is not None]
    return sentences or [f"In no round do {FEWEST} or more answers say how sure somebody is."]


def _confidence(round: str, found: Confidence) -> str:
    wrong = "" if found.certain_wrong is None else f", and {found.certain_wrong} of a wrong answer"
    return f"Of {found.count} {round} answers that say how sure somebody is, {found.certain} are certain{wrong}."


def misconception(slug: str) -> str:
    """A misconception in words: `total-is-mean` is "total is mean"."""
    return slug.replace("-", " ")


def share(part: int, total: int) -> str:
    """A count with its percentage: "12 (40 %)"."""
    return f"{part} ({math.floor(100 * part / max(total, 1) + 0.5)} %)"  # rounded as in the pictures


def _number(value: float, digits: int) -> str:
    return minus(f"{value:z.{digits}f}")
