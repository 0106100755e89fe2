"""The faults of a lesson."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class LessonError:
    """A fault of a lesson: where it is, and the reason in a sentence."""

    file: str
    line: int
    reason: str

    @property
    def sentence(self) -> str:
        """The fault in a line, as compilers write it."""
        return f"{self.file}:{self.line}: {self.reason}"


class InvalidLesson(ValueError):
    """A text that is no lesson, with all faults that were found.

    `rest` is the lesson without the steps that have faults; None if no step is left.
    """

    def __init__(self, errors: Sequence[LessonError], rest: Any = None) -> None:
        self.errors, self.rest = tuple(sorted(errors, key=lambda error: error.line)), rest
        super().__init__("\n".join(error.sentence for error in self.errors))


@dataclass
class Faults:
    """Collects the faults of a file while it is read."""

    file: str
    errors: list[LessonError] = field(default_factory=list)

    def add(self, line: int, reason: str) -> None:
        """Note a fault of that line (from 1)."""
        self.errors.append(LessonError(self.file, line, reason))

    def __bool__(self) -> bool:
        return bool(self.errors)
