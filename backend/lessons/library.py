"""The lessons of a server: those that are shipped, and those of the operator's own folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from backend.lessons.lesson import Lesson
from backend.lessons.parser import InvalidLesson, LessonError, parse

#: The lessons that are part of Two Heads.
SHIPPED = Path(__file__).parents[2] / "lessons"
#: A larger file is no lesson.
_MOST_BYTES = 200_000


@dataclass(frozen=True)
class Shelf:
    """The lessons that can be read, in the order of their files, and the faults of the others.

    `rests` are the others without the steps that have faults.
    """

    lessons: tuple[Lesson, ...] = ()
    errors: tuple[LessonError, ...] = ()
    rests: tuple[Lesson, ...] = ()

    def lesson(self, key: str) -> Lesson | None:
        """The lesson with that id; None if there is none."""
        return next((lesson for lesson in self.lessons if lesson.id == key), None)


def load(*folders: Path) -> Shelf:
    """The lessons of these folders as they are now, a Markdown file each. A broken one does not stop the others.

    A lesson with the id of an earlier one is an error.
    """
    lessons: dict[str, Lesson] = {}
    rests: list[Lesson] = []
    errors: list[LessonError] = []
    for folder in folders:
        try:
            files = sorted(folder / each.name for each in os.scandir(folder) if each.name.endswith(".md"))
        except OSError as error:
            errors.append(LessonError(str(folder), 1, f"The folder cannot be read: {_reason(error)}."))
            continue
        for path in files:
            found = _lesson(path)
            if isinstance(found, Lesson) and (other := lessons.get(found.id)):
                errors.append(LessonError(path.name, 2, f"The id “{found.id}” is that of the lesson in {other.file}."))
            elif isinstance(found, Lesson):
                lessons[found.id] = found
            else:
                errors += found.errors
                rests += [found.rest] if found.rest else []
    return Shelf(tuple(lessons.values()), tuple(errors), tuple(rests))


def _lesson(path: Path) -> Lesson | InvalidLesson:
    """The lesson of a file, or its faults."""
    try:
        status = path.stat()
        reason = f"The file is larger than {_MOST_BYTES:,} bytes."
        if status.st_size <= _MOST_BYTES:
            return _parsed(path, status.st_mtime_ns, status.st_size)
    except OSError as error:
        reason = f"The file cannot be read: {_reason(error)}."
    except ValueError:
        reason = "The file cannot be read as UTF-8 text."
    return InvalidLesson([LessonError(path.name, 1, reason)])


@lru_cache(maxsize=200)
def _parsed(path: Path, changed: int, size: int) -> Lesson | InvalidLesson:
    """The same, read once for each time of its last change. PyYAML is slow."""
    text, here = path.read_text(encoding="utf-8"), {"folder": str(path.parent)}
    try:
        return parse(text, path.name).model_copy(update=here)
    except InvalidLesson as invalid:
        return InvalidLesson(invalid.errors, invalid.rest and invalid.rest.model_copy(update=here))


def _reason(error: OSError) -> str:
    return (error.strerror or "an error of the disk").lower()
