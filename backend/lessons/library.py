"""The lessons of a server: those that are shipped, and those of the operator's own folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
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


def load(folder: Path) -> Shelf:
    """The lessons of a folder, a Markdown file each. A broken one does not stop the others."""
    try:
        files = _files(folder)
    except FileNotFoundError:
        return Shelf(errors=(LessonError(str(folder), 1, "There is no such folder."),))
    except NotADirectoryError:
        return Shelf(errors=(LessonError(str(folder), 1, "This is a file. Give the folder that contains it."),))
    except OSError as error:
        return Shelf(errors=(LessonError(str(folder), 1, f"The folder cannot be read: {_reason(error)}."),))
    lessons: list[Lesson] = []
    errors: list[LessonError] = []
    for path in files:
        text = ""
        try:
            text = _read_text(path)
            lesson = _parsed(text, path.name).model_copy(update={"folder": str(folder)})
        except InvalidLesson as invalid:
            errors += (replace(error, lesson=_claimed_id(text)) for error in invalid.errors)
        except OSError as error:
            errors.append(LessonError(path.name, 1, f"The file cannot be read: {_reason(error)}."))
        except ValueError as error:
            reason = str(error) if isinstance(error, _Unreadable) else "The file cannot be read as UTF-8 text."
            errors.append(LessonError(path.name, 1, reason))
        else:
            _add(lesson, lessons, errors)
    return Shelf(tuple(lessons), tuple(errors))


class Library:
    """The lessons of several folders, read again when a file changes. Safe from any thread."""

    def __init__(self, *folders: Path) -> None:
        self._folders = folders
        self._lock = Lock()
        self._read: tuple[Stamp, Shelf] | None = None

    def shelf(self) -> Shelf:
        """The lessons as the files are now. A lesson with the id of an earlier one is an error."""
        stamp = tuple(entry for folder in self._folders for entry in _stamps(folder))
        with self._lock:
            if self._read is None or self._read[0] != stamp:
                self._read = stamp, _merge([load(folder) for folder in self._folders])
            return self._read[1]


class _Unreadable(ValueError):
    pass


def _read_text(path: Path) -> str:
    if path.stat().st_size > _MOST_BYTES:
        raise _Unreadable(f"The file is larger than {_MOST_BYTES:,} bytes.")
    return path.read_text(encoding="utf-8")


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
    try:
        yield from map(_stamp, _files(folder))
    except OSError as error:
        yield f"{folder}: {_reason(error)}", 0, 0


def _stamp(path: Path) -> tuple[str, int, int]:
    try:
        status = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path), status.st_mtime_ns, status.st_size


def _add(lesson: Lesson, lessons: list[Lesson], errors: list[LessonError]) -> None:
    if other := next((each for each in lessons if each.id == lesson.id), None):
        errors.append(LessonError(lesson.file, 2, f"The id “{lesson.id}” is that of the lesson in {other.file}."))
    else:
        lessons.append(lesson)


def _merge(shelves: Sequence[Shelf]) -> Shelf:
    lessons: list[Lesson] = []
    errors: list[LessonError] = []
    for shelf in shelves:
        errors += shelf.errors
        for lesson in shelf.lessons:
            _add(lesson, lessons, errors)
    return Shelf(tuple(lessons), tuple(errors))
