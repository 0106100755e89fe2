"""Connections to the database: a SQLite file of this server's own, or PostgreSQL."""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

log = logging.getLogger(__name__)

#: The suffixes of the files that SQLite keeps beside the database.
_COMPANIONS = ("-journal", "-wal", "-shm")
#: Seconds to wait for another server that writes to the same file. A page waits as long.
LOCK_SECONDS = 1.0
#: Seconds between two tries to rename a file that is in use, or to change its mode.
_PAUSE = 0.005
#: Seconds to wait for PostgreSQL to accept a connection, and for a statement.
_CONNECT_SECONDS, _STATEMENT_SECONDS = 2, 5
#: An option of a connection that writes: SQLite takes its lock at the beginning, so no transaction fails half-way.
WRITES = "two_heads_writes"
#: An option of a connection to SQLite: it waits as long as other servers may take to make the tables of a new file.
MIGRATES = "two_heads_migrates"
_MIGRATION_SECONDS = 20


class SqliteFile:
    """A SQLite file that only this server's user may read, in WAL mode. Each transaction opens it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.engine = create_engine("sqlite://", creator=self._connect, poolclass=NullPool)
        event.listen(self.engine, "begin", _begin)

    def identity(self) -> tuple[int, int] | None:
        """A value that changes when another file takes this one's place; None if there is no file."""
        with suppress(OSError):
            status = self.path.stat()
            return status.st_dev, status.st_ino
        return None

    @contextmanager
    def locked(self, kind: int = fcntl.LOCK_SH) -> Iterator[None]:
        """Hold a lock during which no other thread or server renames the file. Raises OSError if that fails.

        SQLite finds a file's companions by their names: a transaction that sees those of another file fails or loses
        what it commits. The lock is on the folder, which SQLite itself does not lock.
        """
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(folder, kind)
            yield
        finally:
            os.close(folder)

    def _connect(self) -> sqlite3.Connection:
        """Open the file, or create it. Raises OSError if it is no regular file or belongs to another user."""
        if not self._exists():
            # Only the first connection comes here: `Database` migrates a new file before it uses others.
            with suppress(FileExistsError):
                os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            self._exists()
        connection = sqlite3.connect(self.path, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            _use_wal(connection)
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _exists(self) -> bool:
        """Whether the file is there. Raises OSError if it is a link, no regular file, or another user's.

        Others may be able to write to the folder. The file is not opened for this: a process that closes a file loses
        its locks on it, also those of other connections (POSIX). Another server would then delete the write-ahead log
        that they write to, and what they have committed would be lost.
        """
        try:
            status = self.path.lstat()
        except FileNotFoundError:
            return False
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.getuid():
            raise OSError(f"{self.path} is not a file of this server's own")
        return True

    def put_aside(self, identity: tuple[int, int] | None, suffix: str, why: str) -> None:
        """Rename the file with that `identity` to a name that is not taken, so that a new one can be created.

        If another thread or server does so first, this does nothing. Raises BlockingIOError if the file stays in use.
        """
        end = time.monotonic() + LOCK_SECONDS
        while identity is not None and self.identity() == identity:
            try:
                with self.locked(fcntl.LOCK_EX | fcntl.LOCK_NB):
                    if self.identity() == identity:
                        self._rename(suffix, why)
            except BlockingIOError:  # others have it open, and find out soon that it cannot be used
                if time.monotonic() > end:
                    raise
                time.sleep(_PAUSE)

    def _rename(self, suffix: str, why: str) -> None:
        name = f"{self.path.name}.{suffix}-{time.strftime('%Y%m%d-%H%M%S')}"
        aside, count = self.path.with_name(name), 1
        while aside.exists():
            count += 1
            aside = self.path.with_name(f"{name}-{count}")
        self.path.rename(aside)
        for companion in _COMPANIONS:
            with suppress(FileNotFoundError):
                Path(f"{self.path}{companion}").rename(f"{aside}{companion}")
        log.warning("%s %s. It was renamed to %s, and a new one was created.", self.path, why, aside.name)


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch the file to WAL mode, if it is not in it.

    SQLite does not wait if another connection switches a new file at the same time, so this tries again.
    """
    end, last = time.monotonic() + LOCK_SECONDS, False
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        last = time.monotonic() > end  # one more try, also if this thread has slept for long
        time.sleep(_PAUSE)


def postgresql(url: str) -> Engine:
    """An engine for PostgreSQL at `url`, postgresql://user:password@host/database. It opens no connection yet."""
    options: dict[str, Any] = {
        "connect_timeout": _CONNECT_SECONDS,
        "options": f"-c statement_timeout={_STATEMENT_SECONDS * 1000}",
    }
    address = f"postgresql+psycopg://{url.partition('://')[2]}"
    return create_engine(address, pool_pre_ping=True, pool_size=4, connect_args=options)


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(MIGRATES, False):
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {1000 * _MIGRATION_SECONDS}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITES, False) else "BEGIN")
