"""Reads from the database at once, and writes to it on a thread of its own. It repeats writes until they succeed."""

from __future__ import annotations

import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Condition, Thread
from typing import TypeVar

from sqlalchemy import Connection

from backend.database import errors
from backend.database.errors import Unavailable
from backend.database.presence import RENEW_SECONDS, Presence
from backend.database.transactions import FAILURES, Transactions

log = logging.getLogger(__name__)

FILE = "two-heads.sqlite"
#: The most writes that wait for the database. The oldest are dropped.
MOST_WAITING = 500
#: The most writes of a transaction. If several come sooner than `_OFTEN` seconds after each other, the writer waits for
#: `_GATHER` seconds, so that some of them share a transaction: to open and to close SQLite's file is most of the work.
_MOST_TOGETHER, _OFTEN, _GATHER = 50, 0.05, 0.02
#: Seconds between two tries of a write that failed: at first, and at most. People see that their answers wait.
_RETRY, _LONGEST_RETRY = 0.5, 1.0
#: How often a write is repeated that conflicted with a row of another server.
_MOST_CONFLICTS = 3
#: Seconds after a failed read in which none is tried.
_READ_AGAIN_AFTER = 5.0
_T = TypeVar("_T")


def _nothing(*_: object) -> None:
    """Do nothing, because nobody waits for the write."""


@dataclass(frozen=True, eq=False)
class _Write:
    work: Callable[[Connection], None]
    done: Callable[[], None]
    dropped: Callable[[], object]


def _is_of_database(error: Exception) -> bool:
    """Whether the database failed, and not the write, which would then fail again."""
    if not isinstance(error, FAILURES) or errors.is_conflict(error):
        return False
    return not errors.is_lasting(error) or errors.is_broken(error) or errors.has_lost_tables(error)


def _do_all(writes: Sequence[_Write], connection: Connection) -> list[Exception | None]:
    """Do the writes in one transaction. Returns for each one None, or the error of a lasting failure or a conflict.

    Raises if the database itself fails, or if the only write does. Then nothing is written.
    """
    if len(writes) == 1:
        writes[0].work(connection)
        return [None]
    outcomes: list[Exception | None] = []
    for write in writes:
        part = connection.begin_nested()
        try:
            write.work(connection)
        except Exception as error:
            if _is_of_database(error):
                raise
            part.rollback()
            outcomes.append(error)
        else:
            part.commit()
            outcomes.append(None)
    return outcomes


class Database:
    """The database in `folder`, or PostgreSQL at `url`. It opens nothing before its first use. Safe from any thread."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self._transactions = Transactions(folder / FILE, url)
        self._waiting: deque[_Write] = deque()
        self._current: list[_Write] = []  # the writes that the writer tries to do now
        self._changed = Condition()
        self._writer: Thread | None = None
        self._closed = False
        self._problem: str | None = None
        self._unreadable, self._readable_at = "", float("-inf")  # why the last read failed, and when to try again
        #: Why the database could not be used, and when that last was so (Unix time).
        self.failures: dict[str, float] = {}
        #: This server among those that use the database.
        self.presence = Presence()

    def start(self) -> None:
        """Write a sign of life from time to time, so that `problem` is known before a visitor meets it.

        Without this call, the signs begin with the first write.
        """
        with self._changed:
            self._start_writer()

    @property
    def waiting(self) -> int:
        """The writes that wait for the database."""
        return len(self._waiting)

    @property
    def problem(self) -> str | None:
        """Why nothing can be saved or read now, as the end of a sentence ("the disk is full"); None if it can."""
        return self._problem or (self._unreadable if time.monotonic() < self._readable_at else None)

    def read(self, work: Callable[[Connection], _T]) -> _T:
        """The result of `work`, which only reads. Raises `Unavailable` if the database cannot be read.

        After that it raises at once for some seconds: a page that waits for a database makes other pages wait.
        """
        if time.monotonic() < self._readable_at:
            raise Unavailable(self._unreadable)
        try:
            return self._transactions.run(work, writes=False)
        except FAILURES as error:
            why = errors.reason(error)
            if not errors.is_lasting(error):  # a value that the database does not take is no reason to stop reading
                self._unreadable, self._readable_at = why, time.monotonic() + _READ_AGAIN_AFTER
                self.failures[why] = time.time()
            raise Unavailable(why) from error

    def write(
        self,
        work: Callable[[Connection], None],
        done: Callable[[], None] = _nothing,
        dropped: Callable[[], object] | None = None,
    ) -> None:
        """Do `work` soon in a transaction, after all earlier ones, and call `done` once it is in the database.

        It is done on the writer's thread, and again if the database fails, so `work` must have no other effect. If
        `work` is dropped, or fails for good, `dropped` is called in place of `done`, or `done` if there is none.
        """
        too_many: list[_Write] = []
        with self._changed:
            if self._closed:
                return
            self._waiting.append(_Write(work, done, dropped or done))
            while len(self._waiting) > MOST_WAITING:
                # One that is written now may be in the database already.
                oldest = next(i for i, each in enumerate(self._waiting) if each not in self._current)
                too_many.append(self._waiting[oldest])
                del self._waiting[oldest]
            self._start_writer()
            self._changed.notify_all()
        for write in too_many:
            write.dropped()

    def commit(
        self, work: Callable[[Connection], _T], seconds: float = 2.0, then: Callable[[_T], object] = _nothing
    ) -> _T:
        """Do `work` in a transaction after all earlier writes, and return what it returns once it is committed.

        `then` is called with the result on the writer's thread, before anything else is written.
        Raises `Unavailable` if this takes longer than `seconds`, and at once if the last write failed. After that,
        `work` is not done later. If it was being committed at that moment, it may be done, but `then` is not called.
        """
        if self._problem is not None:
            raise Unavailable(self._problem)
        results: list[_T] = []
        result: Future[_T] = Future()

        def done() -> None:
            if not result.set_running_or_notify_cancel():
                return
            try:
                then(results[-1])
            except Exception:  # it is in the database, and other writes go on
                log.exception("what follows from a write failed")
            result.set_result(results[-1])

        # A cancelled write does nothing: it may have waited too long for a lock. A result counts once it is committed.
        self.write(lambda db: None if result.cancelled() else results.append(work(db)), done, result.cancel)
        try:
            return result.result(seconds)
        except (CancelledError, TimeoutError):
            if result.cancel():
                with self._changed:
                    self._waiting = deque(each for each in self._waiting if each.done is not done)
                raise Unavailable(self.problem or "the database takes too long") from None
            return result.result()  # it is committed

    def flush(self, seconds: float = 10.0) -> bool:
        """Wait until all is written. False if that takes longer than `seconds`."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting, seconds)

    def close(self, seconds: float = 2.0) -> None:
        """Write what waits, for at most so many seconds, and close all connections."""
        if self._closed:
            return
        if self._writer is not None:
            self.write(self.presence.end)
        self.flush(seconds)
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._writer is not None:
            self._writer.join(seconds)
        self._transactions.disconnect()

    def _start_writer(self) -> None:
        if self._writer is None and not self._closed:
            self._writer = Thread(target=self._run, name="database", daemon=True)
            self._writer.start()

    def _run(self) -> None:
        retry, renew, renew_at = _RETRY, _Write(self.presence.renew, _nothing, _nothing), time.monotonic()
        conflicts: Counter[_Write] = Counter()
        together, written_at, last = _MOST_TOGETHER, float("-inf"), 0
        while True:
            with self._changed:
                # While nothing can be saved, a sign of life shows when saving works again.
                pause = _RETRY if self._problem else max(renew_at - time.monotonic(), 0)
                self._changed.wait_for(lambda: self._waiting or self._closed, pause)
                several = len(self._waiting) > 1 or last > 1
                if self._waiting and several and time.monotonic() - written_at < _OFTEN:
                    self._changed.wait_for(lambda: len(self._waiting) >= _MOST_TOGETHER or self._closed, _GATHER)
                if self._closed:
                    return
                # A sign of life is due also if writes never pause: other servers would take this one for stopped.
                due = not self._waiting or time.monotonic() >= renew_at
                self._current = [renew] if due else list(islice(self._waiting, together))
            try:
                outcomes = self._transactions.run(partial(_do_all, self._current), writes=True)
            except Exception as error:
                if errors.is_deadlock(error) and len(self._current) > 1:  # with another server: one write at a time
                    together = 1
                    continue
                if _is_of_database(error):
                    self._failed(error)
                    with self._changed:
                        self._current = []
                        self._changed.wait_for(lambda: self._closed, retry)
                    retry = min(2 * retry, _LONGEST_RETRY)
                    continue
                if len(self._current) > 1:  # one of them cannot be committed: each is tried by itself
                    together = 1
                    continue
                outcomes = [error]
            together = _MOST_TOGETHER if together > 1 or len(self._waiting) <= 1 else 1
            self._problem, retry, self._readable_at = None, _RETRY, float("-inf")
            written_at, last = time.monotonic(), len(self._current)
            if due:
                renew_at = time.monotonic() + RENEW_SECONDS
            ended = []
            for write, why in zip(self._current, outcomes, strict=True):
                if why is not None and errors.is_conflict(why) and conflicts[write] < _MOST_CONFLICTS:
                    conflicts[write] += 1
                    continue
                del conflicts[write]
                ended.append(write)
                if why is not None:
                    log.error("a write to the database failed and is not repeated", exc_info=why)
                (write.done if why is None else write.dropped)()
            with self._changed:
                self._current = []
                for write in ended:
                    with suppress(ValueError):  # it may have been dropped meanwhile
                        self._waiting.remove(write)
                self._changed.notify_all()

    def _failed(self, error: BaseException) -> None:
        why = errors.reason(error)
        if why != self._problem:
            log.warning("nothing can be saved now, and the server tries again: %s (%s)", why, error)
        self._problem, self.failures[why] = why, time.time()
        if errors.is_read_only(error):
            self._transactions.disconnect()  # a session stays read-only after the database no longer is
