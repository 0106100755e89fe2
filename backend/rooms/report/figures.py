"""What follows from the answers to a question: before and after of the same people, switches, times and confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backend.lessons.answers import mask_of
from backend.rooms.model import FEWEST
from backend.rooms.report.model import Given, Question
from backend.rooms.tally import CERTAIN

#: Why there is no normalized gain.
NoGain = Literal["no right option", "few pairs", "all right"]


@dataclass(frozen=True)
class Pairs:
    """The people who answered both rounds. `switches[i][j]` counts those who chose option i before, and j after.

    Of a question with several right options, 0 stands for the right answer, and 1 for any other.
    """

    switches: tuple[tuple[int, ...], ...]

    @property
    def count(self) -> int:
        """How many people there are."""
        return sum(self.before)

    @property
    def before(self) -> tuple[int, ...]:
        """How many chose each option before."""
        return tuple(map(sum, self.switches))

    @property
    def after(self) -> tuple[int, ...]:
        """How many chose each option after."""
        return tuple(map(sum, zip(*self.switches, strict=True)))


@dataclass(frozen=True)
class Quartiles:
    """The quartiles of the times to answer, in seconds. `count` answers have a time."""

    low: float
    median: float
    high: float
    count: int


@dataclass(frozen=True)
class Confidence:
    """Of `count` answers that say how sure somebody is, those that are certain, and certain of a wrong option.

    `certain_wrong` is None if no option is known to be right.
    """

    count: int
    certain: int
    certain_wrong: int | None


@dataclass(frozen=True)
class Figures:
    """What a report says of a question.

    `answered` counts the answers of each round, `both` the people who answered twice, and `once` those who answered
    only one of two rounds. `counts` are all answers of each round by option, and `paired` those of the people who
    answered twice. None stands for fewer than `FEWEST` there, and in `pairs`, `times` and `confidence`. `right` is the
    position of the right answer in `pairs`; None if no answer is right. `gain` is the normalized gain (`gain_of`).
    """

    answered: tuple[int, int]
    both: int
    once: int
    counts: tuple[tuple[int, ...] | None, tuple[int, ...] | None]
    paired: tuple[tuple[int, ...], tuple[int, ...]] | None
    pairs: Pairs | None
    right: int | None
    gain: float | NoGain
    times: tuple[Quartiles | None, Quartiles | None]
    confidence: tuple[Confidence | None, Confidence | None]

    @property
    def two_rounds(self) -> bool:
        """Whether anybody answered a second time."""
        return self.answered[1] > 0


def figures(question: Question) -> Figures:
    """The figures of a question."""
    (first, second), right = question.rounds, question.right
    both = {each.number for each in first} & {each.number for each in second}
    pairs, right_class = _pairs(question), right
    if question.answer == "several" and right is not None:
        right_class = 0
    paired = [counts_of([each for each in answers if each.number in both], question) for answers in (first, second)]
    once = len(first) + len(second) - 2 * len(both) if second else 0
    return Figures(
        (len(first), len(second)), len(both), once,
        (counts_of(first, question), counts_of(second, question)),
        None if paired[0] is None or paired[1] is None else (paired[0], paired[1]),
        pairs, right_class, gain_of(pairs, right_class),
        (quartiles_of(first), quartiles_of(second)),
        (confidence_of(first, right), confidence_of(second, right)),
    )  # fmt: skip


def _pairs(question: Question) -> Pairs | None:
    """The people who answered both rounds, by option; if several are right, by whether they chose exactly these."""
    first, second = question.rounds
    if question.answer != "several":
        return pairs_of(first, second, len(question.options))
    expected = mask_of([i for i, option in enumerate(question.options) if option.right])
    before, after = (
        [each._replace(option=int(each.option != expected)) for each in answers] for answers in (first, second)
    )
    return pairs_of(before, after, 2)


def counts_of(answers: Sequence[Given], question: Question) -> tuple[int, ...] | None:
    """How many chose each option; None if there are fewer than `FEWEST` answers."""
    if len(answers) < FEWEST:
        return None
    chosen = [i for each in answers for i in question.chosen(each.option)]
    return tuple(chosen.count(i) for i in range(len(question.options)))


def pairs_of(first: Sequence[Given], second: Sequence[Given], options: int) -> Pairs | None:
    """The people who answered both rounds; None if there are fewer than `FEWEST`."""
    before, after = ({each.number: each.option for each in answers} for answers in (first, second))
    both = before.keys() & after.keys()
    if len(both) < FEWEST:
        return None
    counts = np.zeros((options, options), dtype=int)
    for number in both:
        counts[before[number], after[number]] += 1
    return Pairs(tuple(map(tuple, counts.tolist())))


def gain_of(pairs: Pairs | None, right: int | None) -> float | NoGain:
    """The normalized gain (after − before) / (1 − before) of shares of right answers, or why there is none.

    Hake 1998, American Journal of Physics 66:64.
    """
    if right is None:
        return "no right option"
    if pairs is None:
        return "few pairs"
    before, after = pairs.before[right], pairs.after[right]
    return "all right" if before == pairs.count else (after - before) / (pairs.count - before)


def quartiles_of(answers: Sequence[Given]) -> Quartiles | None:
    """The median and the quartiles of the seconds; None if fewer than `FEWEST` answers have a time."""
    seconds = [each.seconds for each in answers if each.seconds is not None]
    if len(seconds) < FEWEST:
        return None
    low, median, high = np.percentile(seconds, [25, 50, 75]).tolist()
    return Quartiles(low, median, high, len(seconds))


def confidence_of(answers: Sequence[Given], right: int | None) -> Confidence | None:
    """How many are certain; None if fewer than `FEWEST` answers say how sure somebody is."""
    sure = [each for each in answers if each.sure]
    if len(sure) < FEWEST:
        return None
    certain = [each for each in sure if each.sure == CERTAIN]
    wrong = None if right is None else sum(each.option != right for each in certain)
    return Confidence(len(sure), len(certain), wrong)
