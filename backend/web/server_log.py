"""The server's log on standard error. A visitor can neither forge a line, nor make it long, nor flood the log.

Each record of any library becomes one line: control characters are escaped, long texts are cut, session ids are
shortened. Of equal records, the first few in a minute are written and the others counted. An exception that a visitor
causes in code that is not ours is one line; any other has its innermost frames below it, indented.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from backend.web.log_lines import LINE, OneLine, fingerprint, message_of, one_line

#: Records of one kind that are written in a window, its seconds, and how many kinds are counted separately in it.
_MOST, _WINDOW, _KINDS = 5, 60.0, 1000
_MORE = "… and %d more in the last minute like: %s"

log = logging.getLogger(__name__)


def install(*apart: str) -> None:
    """Send the records of all loggers through one handler, except those named in `apart`.

    Exceptions that end a thread, and Python's warnings, are logged too.
    """
    for name, logger in list(logging.root.manager.loggerDict.items()):
        if isinstance(logger, logging.Logger) and name not in apart:
            propagate(logger)
    if not any(isinstance(handler, ServerLog) for handler in logging.root.handlers):
        logging.root.addHandler(ServerLog())
    logging.captureWarnings(True)
    threading.excepthook = _log_end_of_thread


def propagate(logger: logging.Logger) -> None:
    """Remove the console handlers of `logger`. If it has no other handler, its records go to the root's."""
    for handler in [handler for handler in logger.handlers if type(handler) is logging.StreamHandler]:
        logger.removeHandler(handler)
    if not logger.handlers:
        logger.propagate = True


@dataclass
class _Kind:
    """Records of one kind within a window."""

    level: int
    logger: str
    example: str
    count: int = 0


class RateLimit:
    """Admits the first `most` records of a kind in each window of `seconds`, and counts the others.

    A kind is the line of code that logs and the fingerprint of the exception: the text of a visitor makes no new kind.
    """

    def __init__(
        self, most: int = _MOST, seconds: float = _WINDOW, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.seconds = seconds
        self._most = most
        self._clock = clock
        self._ends = -float("inf")
        self._kinds: dict[tuple[str, ...], _Kind] = {}

    def admits(self, record: logging.LogRecord) -> bool:
        """Whether to write the record. Call it after `summaries`."""
        if not self._kinds:
            self._ends = self._clock() + self.seconds
        key: tuple[str, ...] = (record.name, record.pathname, str(record.lineno))
        if record.exc_info and record.exc_info[1] is not None:
            key += (fingerprint(record.exc_info[1]),)
        if key not in self._kinds and len(self._kinds) >= _KINDS:
            key = ()
        if key not in self._kinds:
            self._kinds[key] = _Kind(record.levelno, record.name, one_line(message_of(record), LINE))
        kind = self._kinds[key]
        kind.count += 1
        return kind.count <= self._most

    def summaries(self, now: bool = False) -> list[logging.LogRecord]:
        """A record for each kind with records that were not written, once the window is over (or `now`)."""
        if not now and self._clock() < self._ends:
            return []
        limited = [kind for kind in self._kinds.values() if kind.count > self._most]
        self._kinds = {}
        return [
            logging.LogRecord(
                kind.logger, kind.level, __file__, 0, _MORE, (kind.count - self._most, kind.example), None
            )
            for kind in limited
        ]


class ServerLog(logging.StreamHandler[TextIO]):
    """Writes to standard error, formatted by `OneLine` and limited by `RateLimit`."""

    def __init__(self, stream: TextIO | None = None, limit: RateLimit | None = None) -> None:
        super().__init__(stream or sys.stderr)
        self.setFormatter(OneLine())
        self._limit = limit or RateLimit()
        self._timer: threading.Timer | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, or count it if there are too many of its kind. Called with the handler's lock held."""
        self._summarise()
        if self._limit.admits(record):
            super().emit(record)
        elif self._timer is None:  # so that the count is written even if no other record follows
            self._timer = threading.Timer(self._limit.seconds, self._window_is_over)
            self._timer.daemon = True
            self._timer.start()

    def close(self) -> None:
        """Write the remaining counts."""
        self.acquire()
        try:
            self._summarise(now=True)
        finally:
            self.release()
        super().close()

    def _window_is_over(self) -> None:
        self.acquire()
        try:
            self._timer = None
            self._summarise()
        finally:
            self.release()

    def _summarise(self, now: bool = False) -> None:
        for summary in self._limit.summaries(now):
            super().emit(summary)


def _log_end_of_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        log.error("a thread has ended", exc_info=args.exc_value)
