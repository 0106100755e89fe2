"""The end of a lesson: whether each prediction was right, the score, and what follows in the order of the shelf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from backend.lessons.lesson import Lesson
from backend.lessons.library import Shelf
from backend.words import counted

#: "no option" means that none of the options is what was measured.
Mark = Literal["right", "wrong", "no option", "not seen", "not predicted"]

#: Why a question with this mark does not count: of one question, and of several.
_REASONS: dict[Mark, tuple[str, str]] = {
    "not predicted": ("has no prediction of yours", "have no prediction of yours"),
    "not seen": ("has a prediction and no result yet", "have a prediction and no result yet"),
    "no option": ("has no option that matches the measurement", "have no option that matches the measurement"),
}


@dataclass(frozen=True)
class Score:
    """The marks of all steps of a lesson, in their order."""

    marks: tuple[Mark, ...]

    def count(self, *marks: Mark) -> int:
        """How many steps have one of these marks."""
        return sum(mark in marks for mark in self.marks)

    @property
    def title(self) -> str:
        """How many predictions were right, of those that are marked right or wrong."""
        marked = self.count("right", "wrong")
        return f"Your score: {self.count('right')} of {marked}" if marked else "No score yet"

    @property
    def note(self) -> str:
        """Why questions of the lesson do not count, in sentences; empty if all count."""
        found = [(self.count(mark), *words) for mark, words in _REASONS.items() if self.count(mark)]
        lines = [f"{counted(n, 'question')} {one if n == 1 else several}." for n, one, several in found]
        if lines and self.count("right", "wrong"):
            lines.append(f"{'It does' if sum(n for n, _, _ in found) == 1 else 'They do'} not count.")
        return " ".join(lines)


def next_lesson(lesson: Lesson, shelf: Shelf) -> Lesson | None:
    """The lesson after this one on the shelf; None after the last one, or if this one is not on the shelf any more."""
    lessons: Sequence[Lesson] = shelf.lessons
    at = next((i for i, each in enumerate(lessons) if each.id == lesson.id), len(lessons))
    return lessons[at + 1] if at + 1 < len(lessons) else None
