"""Which run each visitor started last, on disk: after a restart the page can say that it was lost, and repeat it.

A SQLite file with a row a visitor, and no personal data in it: the visitor as a hash, the settings without labels, the
time. A disk that takes no more costs this memory and nothing else.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode

from backend.experiment import Experiment
from backend.link import read_query, write_query

log = logging.getLogger(__name__)

_FILE = "runs.sqlite"
#: Seconds after which nobody misses a run, and visitors that are remembered at most.
_MISSED_FOR, _MOST = 24 * 3600, 2000
#: Seconds to wait for another server that shares the file: a page waits with us.
_PATIENCE = 1.0
_FORGET = "DELETE FROM runs WHERE visitor NOT IN (SELECT visitor FROM runs ORDER BY at DESC LIMIT ?)"


class Lost(NamedTuple):
    """A run that went with the server that ran it."""

    experiment: Experiment
    at: float  # seconds since the epoch


class Ledger:
    """What was started before this server, read once; and what is started now, written down for the next."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE
        self._lost = self._read()

    def begin(self, visitor: str, experiment: Experiment) -> None:
        """The visitor has started this run; an earlier one is not missed any more."""
        self._lost.pop(_hashed(visitor), None)
        query = urlencode(write_query(experiment.unlabelled()), doseq=True)
        self._write("INSERT OR REPLACE INTO runs VALUES (?, ?, ?)", _hashed(visitor), query, time.time())

    def forget(self, visitor: str) -> None:
        """The visitor's last run is not missed: it was cancelled, or they know."""
        self._lost.pop(_hashed(visitor), None)
        self._write("DELETE FROM runs WHERE visitor = ?", _hashed(visitor))

    def lost(self, visitor: str) -> Lost | None:
        """The visitor's last run, if it went with an earlier server."""
        return self._lost.get(_hashed(visitor))

    def _read(self) -> dict[str, Lost]:
        try:
            with self._opened() as runs:
                rows = runs.execute("SELECT visitor, query, at FROM runs").fetchall()
        except sqlite3.OperationalError as error:  # busy, or the disk's
            log.warning("runs of an earlier server cannot be read: %s", error)
            return {}
        except sqlite3.DatabaseError as error:
            log.warning("left out %s, which is broken: %s", self._file, error)
            with suppress(OSError):
                self._file.unlink()
            return {}
        except OSError as error:
            log.warning("runs of an earlier server cannot be read: %s", error)
            return {}
        lost = {}
        for visitor, query, at in rows:
            try:
                if time.time() - at < _MISSED_FOR:
                    lost[visitor] = Lost(read_query(parse_qs(query))[0], float(at))
            except (ValueError, TypeError, AttributeError):
                log.warning("left out a run that cannot be read in %s", self._file)
        return lost

    def _write(self, statement: str, *values: str | float) -> None:
        try:
            with self._opened() as runs:
                runs.execute(statement, values)
                runs.execute(_FORGET, [_MOST])
        except (OSError, sqlite3.Error) as error:
            log.warning("a run was not written down, so a restart would lose it without a word: %s", error)

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
            runs.execute("CREATE TABLE IF NOT EXISTS runs (visitor TEXT PRIMARY KEY, query TEXT, at REAL)")
            yield runs


def _hashed(visitor: str) -> str:
    return hashlib.sha256(visitor.encode()).hexdigest()[:32]
