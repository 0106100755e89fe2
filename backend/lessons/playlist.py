"""One lesson for a room, made of several lessons and single questions, in any order."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from backend.experiment.url import write_query
from backend.lessons.lesson import LONGEST_LINK, Lesson, Step

#: The most questions of a playlist.
MOST_STEPS = 40
#: The most minutes of a lesson (`FrontMatter`).
LONGEST = 240
_ID, _TITLE = "playlist", "A workshop"


class Unfit(ValueError):
    """Questions that do not fit into one room, with the reason in a sentence."""


@dataclass(frozen=True)
class Part:
    """A lesson, or one of its questions by its position."""

    lesson: Lesson
    step: int | None = None

    @property
    def steps(self) -> Sequence[Step]:
        """The questions."""
        return self.lesson.steps if self.step is None else self.lesson.steps[self.step : self.step + 1]

    @property
    def title(self) -> str:
        """The lesson's title, or that and the question's."""
        return self.lesson.title if self.step is None else f"{self.lesson.title} · {self.steps[0].title}"


def parts_of(lessons: Iterable[Lesson]) -> dict[str, Part]:
    """Every lesson by its id, and then each of its questions by both ids: `lesson/question`."""
    found: dict[str, Part] = {}
    for lesson in lessons:
        found[lesson.id] = Part(lesson)
        found |= {f"{lesson.id}/{step.id}": Part(lesson, i) for i, step in enumerate(lesson.steps)}
    return found


def compose(parts: Sequence[Part], shuffle: int | None = None) -> Lesson:
    """The questions of all parts in this order, each once, as one lesson. A single whole lesson stays what it is.

    With `shuffle`, this seed decides the order of each question's options, for the board and all phones alike. Raises
    Unfit.
    """
    found: dict[tuple[str, str], Step] = {}
    for part in parts:
        for step in part.steps:
            found.setdefault((part.lesson.id, step.id), step)
    if len(found) > MOST_STEPS:
        raise Unfit(f"A room has place for {MOST_STEPS} questions, and these are {len(found)}. Choose fewer.")
    chance = random.Random(shuffle)
    alone = len(parts) == 1 and parts[0].step is None
    steps = []
    for position, step in enumerate(found.values()):
        if shuffle is not None and step.kind != "number":
            step = _shuffled(step, chance)
        changes: dict[str, object] = {}
        if not alone:
            link = urlencode(write_query(step.experiment), doseq=True)
            if len(link) > LONGEST_LINK:
                raise Unfit(f"The settings of the question “{step.title}” are too long for a workshop. Leave it out.")
            changes |= {
                "id": f"q{position + 1}-{step.id}"[:40].rstrip("-"),
                "block": step.block.model_copy(update={"set": link}),
            }
        steps.append(step.model_copy(update=changes))
    if alone:
        return parts[0].lesson.model_copy(update={"steps": tuple(steps)})
    minutes = max(round(sum(step.block.seconds for step in steps) / 60), 1)
    if minutes > LONGEST:
        raise Unfit(f"A workshop has at most {LONGEST} minutes, and these questions take {minutes}. Choose fewer.")
    titles = list(dict.fromkeys(part.lesson.title for part in parts))
    title = titles[0] if len(titles) == 1 else _TITLE
    return Lesson(id=_ID, title=title, minutes=minutes, base="", steps=tuple(steps))


def _shuffled(step: Step, chance: random.Random) -> Step:
    """The step with its options in another order. A mistake of Two Heads has no options in the file, but an `order`."""
    count = len(step.options)
    order = chance.sample(range(count), count)
    options = tuple(step.options[i] for i in order)
    if not step.shows_our_mistake:
        return step.model_copy(update={"options": options})
    before = step.block.order or range(1, count + 1)
    block = step.block.model_copy(update={"order": tuple(before[i] for i in order)})
    return step.model_copy(update={"options": options, "block": block})
