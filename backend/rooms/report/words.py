"""The sentences of a report. They are plain text, and claim no more than the answers tell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from backend.rooms.model import FEWEST
from backend.rooms.report.figures import Confidence, Figures, NoGain, Pairs
from backend.rooms.report.model import Question, Report
from backend.rooms.report.store import MOST_VISITORS
from backend.words import counted, minus

#: With fewer people, the report says that they are few.
FEW = 20
#: What holds for every question.
HOW_TO_READ = (
    "“Before” and “after” are the answers of the same people: those who answered both rounds. A difference does not "
    "show what caused it. People talked in between, but they also had more time, and saw the question again.",
    "The normalized gain g is (after − before) / (1 − before), where both are shares of right answers (R. R. Hake, "
    "American Journal of Physics 66:64, 1998). It is 1 if all are right after, and 0 if as many are right as before.",
    f"With fewer than {FEWEST} answers, the report shows no distribution: it could name a person. The CSV of a kept "
    "report then leaves out the answers to a homework and, if the report has no names, those of a round.",
)
_NO_GAIN: dict[NoGain, str] = {
    "no right option": "There is no normalized gain: no option of this question counts as right.",
    "few pairs": f"The normalized gain cannot be computed: fewer than {FEWEST} people answered both rounds.",
    "all right": "The normalized gain cannot be computed: all of these people were right before.",
}
_ROUNDS = ("First", "Second")


def day(moment: float, zone: tzinfo | None = None) -> str:
    """The day of a moment in a time zone, by default UTC: "4 December 2026"."""
    at = datetime.fromtimestamp(moment, zone or UTC)
    return f"{at.day} {at:%B %Y}"


def minute(moment: float, zone: tzinfo | None = None) -> str:
    """The minute of a moment in a time zone, by default UTC: "4 December 2026, 09:05 UTC"."""
    return f"{day(moment, zone)}, {datetime.fromtimestamp(moment, zone or UTC):%H:%M %Z}"


def about(report: Report) -> str:
    """When the lesson was, who took part, and how much of it the report has."""
    people, shown = counted(report.people, "participant"), len(report.questions)
    questions = f"the result of {shown} of {counted(report.count, 'question')}"
    return f"Lesson of {minute(report.began)}, with {people}. The room has shown {questions}."


def contradicted(question: Question) -> str:
    """Why no option is marked as right although the lesson expects one; empty if that is not so."""
    if question.right is not None or not any(option.right for option in question.options):
        return ""
    return "The runs of this class contradict the answer that the lesson expects, so no option counts as right here."


class Column(NamedTuple):
    """A column of votes: its name, how many chose each option, and how many answered."""

    name: str
    counts: tuple[int, ...]
    people: int


def columns(figures: Figures) -> list[Column]:
    """The votes to show: before and after of the same people, or one round alone. Empty if there are too few."""
    if figures.paired is not None:
        return [
            Column(name, each, figures.both) for name, each in zip(("before", "after"), figures.paired, strict=True)
        ]
    if not figures.two_rounds:
        return [Column("answers", figures.counts[0], figures.answered[0])] if figures.counts[0] is not None else []
    larger = 0 if figures.answered[0] >= figures.answered[1] else 1
    counts = figures.counts[larger]
    return [] if counts is None else [Column(f"{_ROUNDS[larger].lower()} answers", counts, figures.answered[larger])]


def pairs(figures: Figures, right: int | None) -> list[str]:
    """Before and after of the same people, in sentences; none if there was one round."""
    if not figures.two_rounds:
        return []
    if figures.pairs is None:
        return [f"Fewer than {FEWEST} people answered both rounds, so the report does not compare the rounds."]
    count = figures.pairs.count
    sentences = [f"{count} people answered both rounds, and {figures.once} answered only one round."]
    if right is not None:
        before, after = figures.pairs.before[right], figures.pairs.after[right]
        sentences.append(f"Of the {count}, {share(before, count)} were right before, and {share(after, count)} after.")
    sentences.append(_gain(figures.gain, figures.pairs, right))
    if count < FEW:
        sentences.append(f"{count} people are few: another class may differ much.")
    return sentences


def _gain(gain: float | NoGain, pairs: Pairs, right: int | None) -> str:
    if not isinstance(gain, float) or right is None:
        return _NO_GAIN[gain if isinstance(gain, str) else "no right option"]
    each = 1 / (pairs.count - pairs.before[right])
    digits = max(2, 1 - math.floor(math.log10(each)))  # at least two significant ones of the smaller number
    return (
        f"Normalized gain: g = {_number(gain, digits)}. One right answer more or less after would change it by "
        f"{_number(each, digits)}."
    )


def confidence(figures: Figures) -> list[str]:
    """How many are certain, and certain of a wrong answer, in each round."""
    sentences = [
        _confidence(_ROUNDS[round].lower(), each) for round, each in enumerate(figures.confidence) if each is not None
    ]
    return sentences or [f"In no round do {FEWEST} or more answers say how sure somebody is."]


def _confidence(round: str, found: Confidence) -> str:
    wrong = "" if found.certain_wrong is None else f", and {found.certain_wrong} of a wrong answer"
    return f"Of {found.count} {round} answers that say how sure somebody is, {found.certain} are certain{wrong}."


def homework(counts: Sequence[int], until: float, now: float, browsers: int) -> str:
    """How many have answered a question after the class, and why nobody can pair them with the class.

    `browsers` have answered a question of the homework.
    """
    total = sum(counts)
    ends = "ended on" if now > until else "ends on"
    answered = f"The homework {ends} {minute(until)}. {counted(total, 'browser')} answered this question"
    most = f" The homework has the answers of {MOST_VISITORS:,} browsers and takes no more."
    full = most if browsers >= MOST_VISITORS else ""
    if total < FEWEST:
        return f"{answered}, too few to show how many chose what.{full}"
    return (
        f"{answered}; the first prediction of each counts. The report does not tell who answered, so do not "
        f"compare these answers with those of the class person by person.{full}"
    )


def misconception(slug: str) -> str:
    """A misconception in words: `total-is-mean` is "total is mean"."""
    return slug.replace("-", " ")


def share(part: int, total: int) -> str:
    """A count with its percentage: "12 (40 %)"."""
    return f"{part} ({math.floor(100 * part / max(total, 1) + 0.5)} %)"  # rounded as in the pictures


def _number(value: float, digits: int) -> str:
    return minus(f"{value:z.{digits}f}")
