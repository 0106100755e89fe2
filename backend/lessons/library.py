"""The lessons of a server: those that are shipped, and those of the operator's own folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from threading import Lock

from backend.lessons.lesson import Lesson
from backend.lessons.parser import InvalidLesson, LessonError, parse

#: The lessons that are part of Two Heads.
SHIPPED = Path(__file__).parents[2] / "lessons"
#: A larger file is no lesson.
_MOST_BYTES = 200_000

_ID = re.compile(r"^id:[ \t]*[\"']?([a-z][a-z0-9-]{0,39})[\"']?[ \t]*$", re.MULTILINE)

Stamp = tuple[tuple[str, int, int], ...]
#: A lesson whose file has not changed is not parsed again when another one has. PyYAML is slow.
_parsed = lru_cache(maxsize=100)(parse)


@dataclass(frozen=True)
class Shelf:
    """The lessons that can be read, in the order of their files, and the faults of the others."""

    lessons: tuple[Lesson, ...] = ()
    errors: tuple[LessonError, ...] = ()

    def lesson(self, key: str) -> Lesson | None:
        """The lesson with that id; None if there is none."""
        return next((lesson for lesson in self.lessons if lesson.id == key), None)

    def fault(self, key: str) -> LessonError | None:
        """The first fault of the file that would be the lesson with that id; None if there is none."""
        return next((error for error in self.errors if error.lesson == key), None)


def load(*folders: Path) -> Shelf:
    """The lessons of these folders, a Markdown file each. A broken one does not stop the others.

    A lesson with the id of an earlier one is an error.
    """
    lessons: dict[str, Lesson] = {}
    errors: list[LessonError] = []
    for folder in folders:
        try:
            files = _files(folder)
        except OSError as error:
            errors.append(LessonError(str(folder), 1, f"The folder cannot be read: {_reason(error)}."))
            continue
        for path in files:
            text = ""
            try:
                text = _read_text(path)
                lesson = _parsed(text, path.name)
                if other := lessons.get(lesson.id):
                    reason = f"The id “{lesson.id}” is that of the lesson in {other.file}."
                    raise InvalidLesson([LessonError(path.name, 2, reason)])
                lessons[lesson.id] = lesson.model_copy(update={"folder": str(folder)})
            except InvalidLesson as invalid:
                errors += (replace(error, lesson=_claimed_id(text)) for error in invalid.errors)
    return Shelf(tuple(lessons.values()), tuple(errors))


class Library:
    """The lessons of several folders, read again when a file changes. Safe from any thread."""

    def __init__(self, *folders: Path) -> None:
        self._folders = folders
        self._lock = Lock()
        self._read: tuple[Stamp, Shelf] | None = None

    def shelf(self) -> Shelf:
        """The lessons as the files are now."""
        stamp = tuple(entry for folder in self._folders for entry in _stamps(folder))
        with self._lock:
            if self._read is None or self._read[0] != stamp:
                self._read = stamp, load(*self._folders)
            return self._read[1]


def _read_text(path: Path) -> str:
    """The text of a file. Raises InvalidLesson, with the reason, if it cannot be read."""
    reason = f"The file is larger than {_MOST_BYTES:,} bytes."
    try:
        if path.stat().st_size <= _MOST_BYTES:
            return path.read_text(encoding="utf-8")
    except OSError as error:
        reason = f"The file cannot be read: {_reason(error)}."
    except ValueError:
        reason = "The file cannot be read as UTF-8 text."
    raise InvalidLesson([LessonError(path.name, 1, reason)])


def _claimed_id(text: str) -> str:
    """The id that a file with faults gives itself, so that a link to this lesson can say why it is not there."""
    match = _ID.search(text)
    return match[1] if match else ""


def _files(folder: Path) -> list[Path]:
    """The lessons' files. Raises OSError if the folder cannot be read."""
    with os.scandir(folder) as files:
        return sorted(folder / each.name for each in files if each.name.endswith(".md") and each.is_file())


def _reason(error: OSError) -> str:
    return (error.strerror or "an error of the disk").lower()


def _stamps(folder: Path) -> Iterator[tuple[str, int, int]]:
    """The name, the time of the last change and the size of each file, as far as they can be read."""
    try:
        for path in _files(folder):
            status = path.stat()
            yield str(path), status.st_mtime_ns, status.st_size
    except OSError as error:
        yield f"{folder}: {_reason(error)}", 0, 0
