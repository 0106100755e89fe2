"""Reads from the database at once, and writes to it on a thread of its own. It repeats writes until they succeed."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Condition, Lock, Thread
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from backend.database import engines, errors
from backend.database.errors import OtherSchema, Unavailable
from backend.database.presence import RENEW_SECONDS, Presence
from backend.database.schema import migrate

log = logging.getLogger(__name__)

FILE = "two-heads.sqlite"
#: The most writes that wait for the database. The oldest are dropped.
MOST_WAITING = 500
#: The most writes of a transaction. If several wait, the writer waits for `_GATHER` seconds, so that more of them share
#: a transaction: to open and to close SQLite's file is most of the work.
_MOST_TOGETHER, _GATHER = 50, 0.02
#: Seconds between two tries of a write that failed: at first, and at most. People see that their answers wait.
_RETRY, _LONGEST_RETRY = 0.5, 1.0
#: How often a write is repeated that conflicted with one of another server.
_MOST_CONFLICTS = 3
#: Seconds after a failed read in which none is tried.
_READ_AGAIN_AFTER = 5.0
_T = TypeVar("_T")


def _nothing(*_: object) -> None:
    """Do nothing, because nobody waits for the write."""


@dataclass(eq=False)
class _Write:
    work: Callable[[Connection], None]
    done: Callable[[], None]
    dropped: Callable[[], object]
    conflicts: int = 0


class Database:
    """The database in `folder`, or PostgreSQL at `url`. It opens nothing before its first use. Safe from any thread."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self._file = None if url else folder / FILE
        self._engine = engines.postgresql(url) if url else engines.sqlite(folder / FILE)
        self._migrated, self._migrating = False, Lock()
        self._waiting: deque[_Write] = deque()
        self._writing = 0  # how many of them, from the first, the writer tries to do now
        self._changed = Condition()
        self._writer: Thread | None = None
        self._closed = False
        self._problem: str | None = None
        self._unreadable, self._readable_at = "", float("-inf")  # why the last read failed, and when to try again
        #: This server among those that use the database.
        self.presence = Presence()

    def start(self) -> None:
        """Write a sign of life from time to time, so that `problem` is known before a visitor meets it.

        Without this call, the signs begin with the first write.
        """
        with self._changed:
            self._start_writer()

    def fault(self) -> str | None:
        """Why no server of this version can use the database until its operator does something, in a sentence.

        None if it can be used, or is only locked, full or out of reach now.
        """
        name = f"The database {self._file}" if self._file else "The database at DATABASE_URL"
        try:
            self.read(lambda connection: None)
        except Unavailable as unavailable:
            why = unavailable.__cause__ or unavailable
            if isinstance(why, OtherSchema):
                return f"{name} {why}"
            if errors.is_damage(why):
                return f"{name} is damaged. Restore a backup, or move it away: then the server makes an empty one."
        return None

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
            return self._transaction(work, writes=False)
        except errors.FAILURES as error:
            why = errors.reason(error)
            if errors.is_of_database(error):  # a value that the database does not take is no reason to stop reading
                self._unreadable, self._readable_at = why, time.monotonic() + _READ_AGAIN_AFTER
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
                too_many.append(self._waiting[self._writing])  # those before may be in the database already
                del self._waiting[self._writing]
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
        self._engine.dispose()

    def _start_writer(self) -> None:
        if self._writer is None and not self._closed:
            self._writer = Thread(target=self._run, name="database", daemon=True)
            self._writer.start()

    def _run(self) -> None:
        retry, renew_at = _RETRY, time.monotonic()
        while True:
            with self._changed:
                # While nothing can be saved, a sign of life shows when saving works again.
                pause = _RETRY if self._problem else max(renew_at - time.monotonic(), 0)
                self._changed.wait_for(lambda: self._waiting or self._closed, pause)
                if len(self._waiting) > 1:
                    self._changed.wait_for(lambda: len(self._waiting) >= _MOST_TOGETHER or self._closed, _GATHER)
                if self._closed:
                    return
                writes = list(islice(self._waiting, _MOST_TOGETHER))
                self._writing = len(writes)
            # A sign of life is due also if writes never pause: other servers would take this one for stopped.
            due = not writes or time.monotonic() >= renew_at

            try:
                outcomes = self._transaction(partial(self._write_all, writes, due), writes=True)
            except Exception as error:
                self._failed(error)
                with self._changed:
                    self._writing = 0
                    self._changed.wait_for(lambda: self._closed, retry)
                retry = min(2 * retry, _LONGEST_RETRY)
                continue
            self._problem, retry, self._readable_at = None, _RETRY, float("-inf")
            if due:
                renew_at = time.monotonic() + RENEW_SECONDS
            repeated = [write for write, why in zip(writes, outcomes, strict=True) if self._is_repeated(write, why)]
            for write, why in zip(writes, outcomes, strict=True):
                if write not in repeated:
                    (write.done if why is None else write.dropped)()
            with self._changed:
                for _ in writes:
                    self._waiting.popleft()
                self._waiting.extendleft(reversed(repeated))
                self._writing = 0
                self._changed.notify_all()

    def _write_all(self, writes: Sequence[_Write], renew: bool, connection: Connection) -> list[Exception | None]:
        """Do the writes in one transaction. Returns for each one None, or why nothing of it was written.

        Raises if the database itself fails. Then nothing is written.
        """
        if renew:
            self.presence.renew(connection)
        outcomes: list[Exception | None] = []
        for write in writes:
            part = connection.begin_nested()
            try:
                write.work(connection)
            except Exception as error:
                if errors.is_of_database(error):
                    raise
                part.rollback()
                outcomes.append(error)
            else:
                part.commit()
                outcomes.append(None)
        return outcomes

    def _is_repeated(self, write: _Write, why: Exception | None) -> bool:
        """Whether a write that failed is repeated: if it conflicted with another server, some times."""
        if why is None:
            return False
        if errors.is_conflict(why) and write.conflicts < _MOST_CONFLICTS:
            write.conflicts += 1
            return True
        log.error("a write to the database failed and is not repeated", exc_info=why)
        return False

    def _failed(self, error: BaseException) -> None:
        why = errors.reason(error)
        if why != self._problem:
            log.warning("nothing can be saved now, and the server tries again: %s (%s)", why, error)
        self._problem = why
        self._engine.dispose()  # a session of PostgreSQL stays read-only after the database no longer is

    def _transaction(self, work: Callable[[Connection], _T], writes: bool) -> _T:
        """What `work` returns in a transaction. The first one migrates the database.

        A database that was deleted or emptied under this server is migrated again. Raises one of `errors.FAILURES`.
        """
        try:
            return self._try(work, writes)
        except SQLAlchemyError as error:
            if not errors.has_lost_tables(error):
                raise
        self._migrated = False
        return self._try(work, writes)

    def _try(self, work: Callable[[Connection], _T], writes: bool) -> _T:
        if not self._migrated:
            with self._migrating:
                if not self._migrated:
                    with self._begun(writes=True) as connection:
                        migrate(connection)
                    self._migrated = True
        with self._begun(writes) as connection:
            return work(connection)

    @contextmanager
    def _begun(self, writes: bool) -> Iterator[Connection]:
        """A connection in a transaction, which ends with the block."""
        with self._engine.connect().execution_options(**{engines.WRITES: writes}) as connection, connection.begin():
            yield connection
