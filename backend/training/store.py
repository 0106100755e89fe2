"""What each visitor started last, on disk: after a restart the pages can say what was interrupted, and repeat it.

A SQLite file without personal data: the visitor as a hash, the settings without labels, the job's id, the time. A disk
that takes no more costs this memory and nothing else. A file that cannot be used is renamed and never deleted.
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
#: Where SQLite keeps what belongs to a file besides.
_COMPANIONS = ("-journal", "-wal", "-shm")
#: A row for each job. A claim's key is the `part` of a test of several claims; everything else is one piece, "".
#: SQLite keeps this text: a file with another one is of another schema.
_TABLE = (
    "runs (visitor TEXT, kind TEXT, part TEXT, query TEXT, job TEXT, finished INTEGER, at REAL, "
    "PRIMARY KEY (visitor, kind, part))"
)
#: No database, a damaged one, or one of a format that this SQLite does not know.
_BROKEN = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR)
#: Seconds after which nobody misses a run, and visitors that are remembered at most.
_MISSED_FOR, _MOST = 24 * 3600, 2000
#: Seconds to wait for another server that shares the file: a page waits with us.
_PATIENCE = 1.0
_FORGET = (
    "DELETE FROM runs WHERE visitor NOT IN "
    "(SELECT visitor FROM runs GROUP BY visitor ORDER BY max(at) DESC LIMIT ?)"
)  # fmt: skip

Query = dict[str, list[str]]
_Result = TypeVar("_Result")


class InterruptedRun(NamedTuple):
    """What a visitor had started on an earlier server, which kept its result in memory."""

    kind: str
    query: Query  # the settings, as in a link
    at: float  # when it was started: seconds since the epoch
    finished: bool
    parts: tuple[str, ...]

    @property
    def experiment(self) -> Experiment:
        """The experiment of the settings."""
        return read_query(self.query)[0]


class OtherSchema(Exception):
    """The file is a database, and not of this version of ours."""


class RunStore:
    """What was started before this server, read once; and what is started now, written down for the next.

    Safe from any thread. No method raises where the disk fails: the log says so.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE
        self._begun: set[str] = set()  # ids of the jobs that are written down and have not ended
        self._lost = self._read()

    def begin(self, visitor: str, kind: str, query: Query, jobs: Mapping[str, Job]) -> None:
        """The visitor has started these jobs, by part; what they started of that kind on other settings is replaced."""
        me, text = _hashed(visitor), urlencode(query, doseq=True)
        self._lost.pop((me, kind), None)
        self._begun.update(job.id for job in jobs.values())
        rows = [
            (me, kind, part, text, job.id, job.state == "finished", time.time()) for part, job in jobs.items()
        ]  # fmt: skip
        self._write(
            ("DELETE FROM runs WHERE visitor = ? AND kind = ? AND query <> ?", [(me, kind, text)]),
            ("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)", rows),
            (_FORGET, [(_MOST,)]),
        )
        for job in jobs.values():
            if job.ended:  # perhaps while its row was written
                self.ended(job)

    def ended(self, job: Job) -> None:
        """A job has ended, for all who wait for it. One that did not come to its end stays, to be repeated."""
        if job.id not in self._begun:
            return
        self._begun.discard(job.id)
        if job.state == "finished":
            self._write(("UPDATE runs SET finished = 1 WHERE job = ?", [(job.id,)]))
        elif job.state in ("failed", "cancelled"):
            self._write(("DELETE FROM runs WHERE job = ?", [(job.id,)]))

    def forget(self, visitor: str, kind: str, job: Job | None = None) -> None:
        """The visitor does not miss what they started last of that kind, if it was `job` (None: whatever it was)."""
        me = _hashed(visitor)
        if job is not None:
            self._write(("DELETE FROM runs WHERE visitor = ? AND kind = ? AND job = ?", [(me, kind, job.id)]))
        else:
            self._lost.pop((me, kind), None)
            self._write(("DELETE FROM runs WHERE visitor = ? AND kind = ?", [(me, kind)]))

    def lost(self, visitor: str, kind: str) -> InterruptedRun | None:
        """What the visitor started last of that kind, if that was on an earlier server."""
        return self._lost.get((_hashed(visitor), kind))

    def _read(self) -> dict[tuple[str, str], InterruptedRun]:
        columns = "SELECT visitor, kind, part, query, finished, at FROM runs"
        try:
            rows = self._transaction(lambda runs: runs.execute(columns).fetchall())
        except (OSError, sqlite3.Error) as error:
            log.warning("runs of an earlier server cannot be read: %s", error)
            return {}
        lost: dict[tuple[str, str], InterruptedRun] = {}
        for visitor, kind, part, query, finished, at in rows:
            try:
                if time.time() - at < _MISSED_FOR:
                    one = InterruptedRun(kind, parse_qs(query), float(at), bool(finished), (part,))
                    read_query(one.query)  # whether it can be read
                    other = lost.get((visitor, kind))
                    lost[visitor, kind] = _together(one, other) if other else one
            except (ValueError, TypeError, AttributeError):
                log.warning("left out a run that cannot be read in %s", self._file)
        return lost

    def _write(self, *statements: tuple[str, Iterable[tuple[str | float, ...]]]) -> None:
        def work(runs: sqlite3.Connection) -> None:
            for statement, values in statements:
                runs.executemany(statement, values)

        try:
            self._transaction(work)
        except (OSError, sqlite3.Error) as error:
            log.warning("a run was not written down, so a restart would lose it without a word: %s", error)

    def _transaction(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """Do `work` on the file; where the file cannot be used, put it aside and do it on a new one.

        Raises OSError or sqlite3.Error where that is impossible, as on a full disk.
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
        """The file, for one transaction. Raises OSError where it is not a file of this server's own."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The folder may lie where others can write: no link is followed, nobody else's file is taken.
        file = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
        found = os.fstat(file)
        os.close(file)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.getuid():
            raise OSError(f"{self._file} is not a file of this server's own")
        with closing(sqlite3.connect(self._file, timeout=_PATIENCE)) as runs, runs:
            _check(runs)
            yield runs

    def _put_aside(self, suffix: str, why: str) -> None:
        """Rename the file, with what belongs to it, to a name that nothing has."""
        name = f"{_FILE}.{suffix}-{time.strftime('%Y%m%d-%H%M%S')}"
        aside, count = self._file.with_name(name), 1
        while aside.exists():
            count += 1
            aside = self._file.with_name(f"{name}-{count}")
        self._file.rename(aside)
        for companion in _COMPANIONS:
            with suppress(FileNotFoundError):
                Path(f"{self._file}{companion}").rename(f"{aside}{companion}")
        log.warning("%s %s. It was renamed to %s, and a new one was begun.", self._file, why, aside.name)


def _check(runs: sqlite3.Connection) -> None:
    """Create the table in a new file. Raises `OtherSchema` where there is anything else."""
    found = [text for (text,) in runs.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
    if not found:
        runs.execute(f"CREATE TABLE IF NOT EXISTS {_TABLE}")  # another server may have been quicker
    elif found != [f"CREATE TABLE {_TABLE}"]:
        raise OtherSchema


def _together(one: InterruptedRun, other: InterruptedRun) -> InterruptedRun:
    """Two parts of one test. Those of other settings, which a server that shares the file wrote, are left out."""
    if one.query != other.query:
        return max(one, other, key=lambda lost: lost.at)
    return InterruptedRun(
        one.kind, one.query, max(one.at, other.at), one.finished and other.finished, (*other.parts, *one.parts)
    )


def _hashed(visitor: str) -> str:
    return hashlib.sha256(visitor.encode()).hexdigest()[:32]
