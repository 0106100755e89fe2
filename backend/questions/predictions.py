"""What visitors predicted, in the database, so that a restart of the server changes nothing for them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from threading import Lock

from cachetools import LRUCache
from sqlalchemy import Connection, delete, func, select

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


@dataclass
class _Own:
    """The values of one visitor. None stands for a deleted value. `read` says whether the database was read."""

    values: MutableMapping[str, str | None] = field(default_factory=lambda: LRUCache(maxsize=MOST_SUBJECTS))
    read: bool = False


class Predictions:
    """Predictions by visitor and subject, and what else a visitor did there, in memory and in the database.

    A visitor's values are read once, when they are first needed. While the database cannot be read, only the values in
    memory are known. Writes happen in the background. Safe from any thread.
    """

    def __init__(self, database: Database, days: float = 90, visitors: int = MOST_VISITORS) -> None:
        self._database = database
        self._days = days
        self._known: LRUCache[str, _Own] = LRUCache(maxsize=visitors)
        #: Values that are not in the database yet. They stay even if the visitor's values are evicted.
        self._waiting: dict[tuple[str, str], tuple[str | None]] = {}
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
        me = hashed(visitor)
        self._read(me)
        with self._lock:
            return bool(self._names_in(me, family))

    def clear(self, family: str, visitor: str) -> None:
        """Delete all values of the visitor in this family, for all settings."""
        me = hashed(visitor)
        self._read(me)
        with self._lock:
            names = self._names_in(me, family)
        self._keep(me, dict.fromkeys(names, None))

    def keep(self, values: Mapping[Subject, str | None], visitor: str) -> None:
        """Keep these values of the visitor, and save them soon; None deletes one."""
        me = hashed(visitor)
        self._read(me)
        self._keep(me, {_name(subject): value for subject, value in values.items()})

    def value(self, subject: Subject, visitor: str) -> str | None:
        """The visitor's value; None if there is none."""
        found = self.first([subject], visitor)
        return found[1] if found else None

    def first(self, subjects: Iterable[Subject], visitor: str) -> tuple[Subject, str] | None:
        """The first of these subjects of which the visitor has a value, and the value; None if there is none."""
        me = hashed(visitor)
        self._read(me)
        with self._lock:
            values = self._of(me).values
            found = ((subject, values.get(_name(subject))) for subject in subjects)
            return next(((subject, value) for subject, value in found if value is not None), None)

    def _keep(self, me: str, values: Mapping[str, str | None]) -> None:
        with self._lock:
            own = self._of(me)
            # Pages repeat their values in every run, so only changes are kept.
            new = {
                name: (value,) for name, value in values.items()
                if own.values.get(name) != value or (name not in own.values and not own.read)
            }  # fmt: skip
            for name, waiting in new.items():
                own.values[name] = waiting[0]
                self._waiting[me, name] = waiting
        if new:
            self._database.write(lambda connection: self._write(connection, me, new), lambda: self._written(me, new))

    def _names_in(self, me: str, family: str) -> list[str]:
        """The names of the visitor's values in that family. The lock is held."""
        beginning = _name((family, ""))
        return [name for name, value in self._of(me).values.items() if value is not None and name.startswith(beginning)]

    def _read(self, me: str) -> None:
        """Read the visitor's values unless that was done before. Changes made in the meantime stay."""
        with self._lock:
            if me in self._known and self._known[me].read:
                return
        mine = select(lesson_progress.c.subject, lesson_progress.c.value).where(lesson_progress.c.visitor == me)
        latest = mine.order_by(lesson_progress.c.at.desc()).limit(MOST_SUBJECTS)
        try:
            rows = self._database.read(lambda connection: connection.execute(latest).all())
        except Unavailable:
            return
        with self._lock:
            own = self._of(me)
            changed = dict(own.values)
            own.values.update({row.subject: row.value for row in reversed(rows)} | changed)
            own.read = True

    def _of(self, me: str) -> _Own:
        """The visitor's values in memory. The lock is held."""
        if me not in self._known:
            own = self._known[me] = _Own()
            own.values.update({name: value for (who, name), (value,) in self._waiting.items() if who == me})
        return self._known[me]

    def _write(self, connection: Connection, me: str, values: Mapping[str, tuple[str | None]]) -> None:
        row, now = lesson_progress.c, time.time()
        gone = [name for name, (value,) in values.items() if value is None]
        if gone:
            connection.execute(delete(lesson_progress).where(row.visitor == me, row.subject.in_(gone)))
        rows = [
            {"visitor": me, "subject": name, "value": value, "at": now}
            for name, (value,) in values.items() if value is not None
        ]  # fmt: skip
        if rows:
            upsert(connection, lesson_progress, rows)
            mine = select(row.at).where(row.visitor == me).order_by(row.at.desc())
            last = mine.offset(MOST_SUBJECTS).limit(1).scalar_subquery()
            connection.execute(delete(lesson_progress).where(row.visitor == me, row.at <= last))
        if time.monotonic() - self._pruned_at > _PRUNE_SECONDS:
            self._pruned_at = time.monotonic()
            prune(connection, self._days)

    def _written(self, me: str, values: Mapping[str, tuple[str | None]]) -> None:
        with self._lock:
            for name, waiting in values.items():
                if self._waiting.get((me, name)) is waiting:
                    del self._waiting[me, name]


def prune(connection: Connection, days: float, rows: int = MOST_ROWS) -> None:
    """Delete rows that are older than `days` days, and the oldest ones beyond `rows`."""
    table = lesson_progress.c
    connection.execute(delete(lesson_progress).where(table.at < time.time() - days * 24 * 3600))
    more = connection.execute(select(func.count()).select_from(lesson_progress)).scalar_one() - rows
    if more > 0:
        last = select(table.at).order_by(table.at).offset(more - 1).limit(1).scalar_subquery()
        connection.execute(delete(lesson_progress).where(table.at <= last))


def _name(subject: Subject) -> str:
    """The subject as text: its parts, which contain no slash, joined by slashes."""
    return "/".join(subject)
