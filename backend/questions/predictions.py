"""What visitors predicted, in the database, so that a restart of the server changes nothing for them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from threading import Lock

from cachetools import LRUCache
from sqlalchemy import ColumnElement, Connection, delete, select, true

from backend.database import Database, Unavailable
from backend.database.tables import lesson_progress
from backend.database.upsert import upsert
from backend.database.visitors import hashed
from backend.questions.base import QuestionJob, Subject

#: The most visitors whose values are in memory, and the most values of each; the least recently used are evicted first.
MOST_VISITORS, MOST_SUBJECTS = 2000, 400
#: The most rows of all visitors; the oldest are deleted first.
MOST_ROWS = 500_000
#: Seconds between two checks of the bounds.
_PRUNE_SECONDS = 60.0

#: The value of a subject whose answer was revealed without a prediction.
_REVEALED = ""


class _Own(LRUCache[str, str | None]):
    """The values of one visitor by the names of their subjects. None stands for a deleted value."""

    #: Whether the database was read.
    read = False


class Predictions:
    """Predictions by visitor and subject, and what else a visitor did there, in memory and in the database.

    A visitor's values are read once, when they are first needed. While the database cannot be read, only the values in
    memory are known. Writes happen in the background. Safe from any thread.
    """

    def __init__(self, database: Database, days: float = 90) -> None:
        self._database = database
        self._days = days
        self._known: LRUCache[str, _Own] = LRUCache(maxsize=MOST_VISITORS)
        self._lock = Lock()
        self._pruned_at = float("-inf")

    def record(self, investigation: QuestionJob, visitor: str, option: str | None) -> None:
        """Keep the visitor's prediction; None takes it back. Raises ValueError if it is not an option."""
        if option is not None and option not in investigation.definition.options:
            raise ValueError(f"“{investigation.definition.title}” has no option “{option[:40]}”")
        self.keep({investigation.subject: option}, visitor)

    def reveal(self, investigations: Iterable[QuestionJob], visitor: str) -> None:
        """Reveal these verdicts to the visitor. Predictions already made stay."""
        hidden = [each.subject for each in investigations if not self.is_revealed(each, visitor)]
        self.keep(dict.fromkeys(hidden, _REVEALED), visitor)

    def prediction(self, investigation: QuestionJob, visitor: str) -> str | None:
        """The visitor's prediction; None if there is none, or if there is no such option any more."""
        option = self.value(investigation.subject, visitor)
        return option if option in investigation.definition.options else None

    def is_revealed(self, investigation: QuestionJob, visitor: str) -> bool:
        """Whether the visitor predicted the answer or had it revealed."""
        return self.value(investigation.subject, visitor) is not None

    def has_any(self, family: str, visitor: str) -> bool:
        """Whether the visitor has a value in this family of investigations."""
        return bool(self._names_in(family, visitor))

    def clear(self, family: str, visitor: str) -> None:
        """Delete all values of the visitor in this family, for all settings."""
        self._keep(dict.fromkeys(self._names_in(family, visitor), None), visitor)

    def keep(self, values: Mapping[Subject, str | None], visitor: str) -> None:
        """Keep these values of the visitor, and save them soon; None deletes one."""
        self._keep({_name(subject): value for subject, value in values.items()}, visitor)

    def value(self, subject: Subject, visitor: str) -> str | None:
        """The visitor's value; None if there is none."""
        own = self._of(hashed(visitor))
        with self._lock:
            return own.get(_name(subject))

    def _keep(self, values: Mapping[str, str | None], visitor: str) -> None:
        me = hashed(visitor)
        own = self._of(me)
        with self._lock:
            # Pages repeat their values in every run, so only changes are kept.
            new = {name: value for name, value in values.items() if own.get(name) != value}
            own.update(new)
        if new:
            self._database.write(lambda connection: self._write(connection, me, new))

    def _names_in(self, family: str, visitor: str) -> list[str]:
        """The names of the visitor's values in that family."""
        own, beginning = self._of(hashed(visitor)), _name((family, ""))
        with self._lock:
            return [name for name, value in own.items() if value is not None and name.startswith(beginning)]

    def _of(self, me: str) -> _Own:
        """The visitor's values, which are read unless that was done before. Changes made in the meantime stay."""
        with self._lock:
            own = self._known.setdefault(me, _Own(maxsize=MOST_SUBJECTS))
        if not own.read:
            row = lesson_progress.c
            latest = (
                select(row.subject, row.value).where(row.visitor == me).order_by(row.at.desc()).limit(MOST_SUBJECTS)
            )
            with suppress(Unavailable):
                rows = self._database.read(lambda connection: connection.execute(latest).all())
                with self._lock:
                    changed = dict(own)
                    own.update({each.subject: each.value for each in reversed(rows)} | changed)
                    own.read = True
        return own

    def _write(self, connection: Connection, me: str, values: Mapping[str, str | None]) -> None:
        row, now = lesson_progress.c, time.time()
        gone = [name for name, value in values.items() if value is None]
        if gone:
            connection.execute(delete(lesson_progress).where(row.visitor == me, row.subject.in_(gone)))
        rows = [
            {"visitor": me, "subject": name, "value": value, "at": now}
            for name, value in values.items() if value is not None
        ]  # fmt: skip
        if rows:
            upsert(connection, lesson_progress, rows)
            _delete_older(connection, MOST_SUBJECTS, row.visitor == me)
        if time.monotonic() - self._pruned_at > _PRUNE_SECONDS:
            self._pruned_at = time.monotonic()
            prune(connection, self._days)


def prune(connection: Connection, days: float, rows: int = MOST_ROWS) -> None:
    """Delete rows that are older than `days` days, and the oldest ones beyond `rows`."""
    connection.execute(delete(lesson_progress).where(lesson_progress.c.at < time.time() - days * 24 * 3600))
    _delete_older(connection, rows, true())


def _delete_older(connection: Connection, rows: int, which: ColumnElement[bool]) -> None:
    """Delete the oldest of these rows beyond `rows`."""
    at = lesson_progress.c.at
    last = select(at).where(which).order_by(at.desc()).offset(rows).limit(1).scalar_subquery()
    connection.execute(delete(lesson_progress).where(which, at <= last))


def _name(subject: Subject) -> str:
    """The subject as text: its parts, which contain no slash, joined by slashes."""
    return "/".join(subject)
