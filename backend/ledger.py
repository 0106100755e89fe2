"""Which run each visitor started last, on disk: after a restart the page can say that it was lost, and repeat it.

Lines are only ever added while the server runs, so that two servers may share a file. A line has no personal data: the
visitor as a hash, the settings without labels, the time. A disk that takes no more costs this memory and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode

from backend.experiment import Experiment
from backend.link import read_query, write_query

log = logging.getLogger(__name__)

_FILE = "runs.jsonl"
#: Seconds after which nobody misses a run, and lines that are read at most.
_MISSED_FOR, _MOST = 24 * 3600, 2000


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
        self._write({"visitor": _hashed(visitor), "query": query, "at": time.time()})

    def forget(self, visitor: str) -> None:
        """The visitor's last run is not missed: it was cancelled, or they know."""
        self._lost.pop(_hashed(visitor), None)
        self._write({"visitor": _hashed(visitor)})

    def lost(self, visitor: str) -> Lost | None:
        """The visitor's last run, if it went with an earlier server."""
        return self._lost.get(_hashed(visitor))

    def _read(self) -> dict[str, Lost]:
        lost: dict[str, Lost] = {}
        try:
            lines = self._file.read_text().splitlines()[-_MOST:]
        except FileNotFoundError:
            return lost
        except OSError as error:
            log.warning("runs of an earlier server cannot be read: %s", error)
            return lost
        for line in lines:
            try:
                entry = json.loads(line)
                lost.pop(entry["visitor"], None)
                if time.time() - entry.get("at", 0) < _MISSED_FOR:
                    experiment, _ = read_query(parse_qs(entry["query"]))
                    lost[entry["visitor"]] = Lost(experiment, entry["at"])
            except (ValueError, KeyError, TypeError, AttributeError):
                log.warning("left out a line that cannot be read in %s", self._file)
        self._compact(lines)
        return lost

    def _compact(self, lines: list[str]) -> None:
        try:
            if self._file.stat().st_size > 2 * sum(len(line) + 1 for line in lines):
                self._file.write_text("\n".join(lines) + "\n")
        except OSError as error:
            log.warning("the list of runs cannot be shortened: %s", error)

    def _write(self, entry: dict[str, str | float]) -> None:
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # No link is followed: the folder may lie where others can write.
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
            with open(os.open(self._file, flags, 0o600), "w") as file:
                file.write(json.dumps(entry) + "\n")
        except OSError as error:
            log.warning("a run was not written down, so a restart would lose it without a word: %s", error)


def _hashed(visitor: str) -> str:
    return hashlib.sha256(visitor.encode()).hexdigest()[:32]
