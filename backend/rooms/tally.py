"""How many people in a room chose which option, and what the host should do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from backend.lessons.lesson import Lesson, Step
from backend.rooms.machine import State
from backend.rooms.model import FEWEST, Answer

#: Below the first share of right answers, an explanation helps most; above the second, no discussion is needed
#: (Crouch and Mazur 2001, AJP 69:970; Smith 2009, Science 323:122).
FEW_RIGHT, MANY_RIGHT = 0.35, 0.7
#: The answer of somebody who is sure.
CERTAIN = "certain"


@dataclass(frozen=True)
class Advice:
    """The advised action after freezing, and the reason in a sentence."""

    action: Literal["discuss", "explain_first", "reveal"]
    reason: str


def counts(answers: Mapping[int, Answer], step: Step) -> list[int] | None:
    """How many chose each option; None if there are fewer than `FEWEST` answers, which could name a person.

    Of a question with several right options, each answer may count for several.
    """
    if len(answers) < FEWEST:
        return None
    chosen = [i for answer in answers.values() if step.takes(answer.option) for i in step.chosen(answer.option)]
    return [chosen.count(i) for i in range(len(step.options))]


def paired_answers(rounds: Sequence[Mapping[int, Answer]]) -> list[dict[int, Answer]]:
    """Both rounds with the answers of those who answered twice, so that before and after compare the same people."""
    both = set.intersection(*({*answers} for answers in rounds)) if rounds else set()
    return [{number: answers[number] for number in sorted(both)} for answers in rounds]


def confidently_wrong(answers: Iterable[Answer], right: int) -> int:
    """How many are certain of a wrong answer."""
    return sum(answer.sure == CERTAIN and answer.option != right for answer in answers)


def advice(answers: Mapping[int, Answer], right: int, state: State, lesson: Lesson) -> Advice | None:
    """What to do after the answers were frozen; None if there are too few answers to say."""
    if state.phase != "frozen" or len(answers) < FEWEST:
        return None
    share = sum(answer.option == right for answer in answers.values()) / len(answers)
    share_words = f"{share:.0%} chose the right answer"
    if state.round == 2 or lesson.steps[state.step].block.ask.rounds == 1:
        return Advice("reveal", f"Reveal: {share_words}, and this question has no further round.")
    if share < FEW_RIGHT:
        words = f"Explain, then ask again: only {share_words}, and few can convince the others."
        return Advice("explain_first", words)
    if share <= MANY_RIGHT:
        return Advice("discuss", f"Discuss: {share_words}. Neighbours can convince each other now.")
    return Advice("reveal", f"Reveal: {share_words} already.")
