"""Stores on disk what each visitor started last. After a restart, pages can say what was interrupted and repeat it.

It is a SQLite file without personal data: a hash of the visitor, the settings without labels, the id of the job and
the time. If the disk fails, only this information is lost. An unusable file is renamed and never deleted.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import parse_qs, urlencode

from backend.experiment import Experiment
from backend.experiment.url import read_query
from backend.jobs import Job

log = logging.getLogger(__name__)

_FILE = "runs.sqlite"
#: The suffixes of the files that SQLite keeps beside the database.
_COMPANIONS = ("-journal", "-wal", "-shm")
#: A row for each job. When several claims are tested together, `part` is the key of the claim; otherwise it is "".
#: SQLite stores this text: a file with another text has another schema.
_TABLE = (
    "runs (visitor TEXT, kind TEXT, part TEXT, query TEXT, job TEXT, finished INTEGER, at REAL, "
    "PRIMARY KEY (visitor, kind, part))"
)
#: Errors for a file that is no database, a damaged one, or has a format that this SQLite does not know.
_BROKEN = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR)
#: Seconds after which an interrupted run is no longer offered, and the most visitors that are stored.
_OFFERED_FOR, _MOST_VISITORS = 24 * 3600, 2000
#: Seconds to wait for another server that shares the file. A page waits as long.
_LOCK_SECONDS = 1.0
_DELETE_OLDEST = (
    "DELETE FROM runs WHERE visitor NOT IN "
    "(SELECT visitor FROM runs GROUP BY visitor ORDER BY max(at) DESC LIMIT ?)"
)  # fmt: skip

Query = dict[str, list[str]]
_Result = TypeVar("_Result")


class InterruptedRun(NamedTuple):
    """What a visitor had started before the server restarted, which lost the result: results are kept in memory."""

    kind: str
    query: Query  # the settings, as in a link
    at: float  # when it was started: seconds since the epoch
    finished: bool
    parts: tuple[str, ...]

    @property
    def experiment(self) -> Experiment:
        """The experiment that `query` describes."""
        return read_query(self.query)[0]


class OtherSchema(Exception):
    """The file is a database with another schema, written by another version of Two Heads."""


class RunStore:
    """Reads once what was started before the restart, and stores what is started now.

    Safe from any thread. If the disk fails, methods write to the log and do not raise.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE
        self._begun: set[str] = set()  # ids of the jobs that are stored and have not ended
        self._lost = self._read()

    def begin(self, visitor: str, kind: str, query: Query, jobs: Mapping[str, Job]) -> None:
        """Store jobs that the visitor has started, by part. They replace jobs of that kind with other settings."""
        me, text = _hashed(visitor), urlencode(query, doseq=True)
        self._lost.pop((me, kind), None)
        self._begun.update(job.id for job in jobs.values())
        rows = [
            (me, kind, part, text, job.id, job.state == "finished", time.time()) for part, job in jobs.items()
        ]  # fmt: skip
        self._write(
            ("DELETE FROM runs WHERE visitor = ? AND kind = ? AND query <> ?", [(me, kind, text)]),
            ("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)", rows),
            (_DELETE_OLDEST, [(_MOST_VISITORS,)]),
        )
        for job in jobs.values():
            if job.ended:  # it may have ended while its row was written
                self.ended(job)

    def ended(self, job: Job) -> None:
        """Update the rows of a job that has ended. Those of a lost job remain, so that it can be repeated."""
        if job.id not in self._begun:
            return
        self._begun.discard(job.id)
        if job.state == "finished":
            self._write(("UPDATE runs SET finished = 1 WHERE job = ?", [(job.id,)]))
        elif job.state in ("failed", "cancelled"):
            self._write(("DELETE FROM runs WHERE job = ?", [(job.id,)]))

    def forget(self, visitor: str, kind: str, job: Job | None = None) -> None:
        """Delete what the visitor started last of that kind, if it was `job` (None: in any case)."""
        me = _hashed(visitor)
        if job is not None:
            self._write(("DELETE FROM runs WHERE visitor = ? AND kind = ? AND job = ?", [(me, kind, job.id)]))
        else:
            self._lost.pop((me, kind), None)
            self._write(("DELETE FROM runs WHERE visitor = ? AND kind = ?", [(me, kind)]))

    def lost(self, visitor: str, kind: str) -> InterruptedRun | None:
        """What the visitor started last of that kind, if it was before the restart; else None."""
        return self._lost.get((_hashed(visitor), kind))

    def _read(self) -> dict[tuple[str, str], InterruptedRun]:
        columns = "SELECT visitor, kind, part, query, finished, at FROM runs"
        try:
            rows = self._transaction(lambda runs: runs.execute(columns).fetchall())
        except (OSError, sqlite3.Error) as error:
            log.warning("runs from before the restart cannot be read: %s", error)
            return {}
        lost: dict[tuple[str, str], InterruptedRun] = {}
        for visitor, kind, part, query, finished, at in rows:
            try:
                if time.time() - at < _OFFERED_FOR:
                    one = InterruptedRun(kind, parse_qs(query), float(at), bool(finished), (part,))
                    read_query(one.query)  # raises if it cannot be read
                    other = lost.get((visitor, kind))
                    lost[visitor, kind] = _combined(one, other) if other else one
            except (ValueError, TypeError, AttributeError):
                log.warning("skipped an unreadable run in %s", self._file)
        return lost

    def _write(self, *statements: tuple[str, Iterable[tuple[str | float, ...]]]) -> None:
        def work(runs: sqlite3.Connection) -> None:
            for statement, values in statements:
                runs.executemany(statement, values)

        try:
            self._transaction(work)
        except (OSError, sqlite3.Error) as error:
            log.warning("a run was not stored, so a restart would lose it without notice: %s", error)

    def _transaction(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """Do `work` in a transaction. If the file is unusable, rename it and use a new one.

        Raises OSError or sqlite3.Error if that is impossible too, for example on a full disk.
        """
        try:
            with self._opened() as runs:
                return work(runs)
        except OtherSchema:
            self._put_aside("other-schema", "is of another version")
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _BROKEN:
                raise
            self._put_aside("broken", f"is broken ({error})")
        with self._opened() as runs:
            return work(runs)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction. Raises OSError if it is no regular file or belongs to another user."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Others may be able to write to the folder, so no link is followed and no other user's file is used.
        file = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
        found = os.fstat(file)
        os.close(file)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.getuid():
            raise OSError(f"{self._file} is not a file of this server's own")
        with closing(sqlite3.connect(self._file, timeout=_LOCK_SECONDS)) as runs, runs:
            _check(runs)
            yield runs

    def _put_aside(self, suffix: str, why: str) -> None:
        """Rename the file and its companions to a name that is not taken."""
        name = f"{_FILE}.{suffix}-{time.strftime('%Y%m%d-%H%M%S')}"
        aside, count = self._file.with_name(name), 1
        while aside.exists():
            count += 1
            aside = self._file.with_name(f"{name}-{count}")
        self._file.rename(aside)
        for companion in _COMPANIONS:
            with suppress(FileNotFoundError):
                Path(f"{self._file}{companion}").rename(f"{aside}{companion}")
        log.warning("%s %s. It was renamed to %s, and a new one was created.", self._file, why, aside.name)


def _check(runs: sqlite3.Connection) -> None:
    """Create the table in a new file. Raises `OtherSchema` if the file contains anything else."""
    found = [text for (text,) in runs.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
    if not found:
        runs.execute(f"CREATE TABLE IF NOT EXISTS {_TABLE}")  # another server may have created it meanwhile
    elif found != [f"CREATE TABLE {_TABLE}"]:
        raise OtherSchema


def _combined(one: InterruptedRun, other: InterruptedRun) -> InterruptedRun:
    """Combine two parts of one test. If they have other settings (from another server), only the later one is used."""
    if one.query != other.query:
        return max(one, other, key=lambda lost: lost.at)
    return InterruptedRun(
        one.kind, one.query, max(one.at, other.at), one.finished and other.finished, (*other.parts, *one.parts)
    )


def _hashed(visitor: str) -> str:
    return hashlib.sha256(visitor.encode()).hexdigest()[:32]
