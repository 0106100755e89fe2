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
        """How many questions of the lesson do not count; empty if all count."""
        left = len(self.marks) - self.count("right", "wrong")
        return f"{counted(left, 'question')} {'does' if left == 1 else 'do'} not count." if left else ""


def next_lesson(lesson: Lesson, shelf: Shelf) -> Lesson | None:
    """The lesson after this one on the shelf; None after the last one, or if this one is not on the shelf any more."""
    lessons: Sequence[Lesson] = shelf.lessons
    at = next((i for i, each in enumerate(lessons) if each.id == lesson.id), len(lessons))
    return lessons[at + 1] if at + 1 < len(lessons) else None
