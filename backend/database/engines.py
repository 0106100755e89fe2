"""Connections to the database: a SQLite file of this server's own, or PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

#: Seconds to wait for another server that writes to the same file. A page waits as long.
_LOCK_SECONDS = 1.0
#: Seconds to wait for PostgreSQL to accept a connection, and for a statement.
_CONNECT_SECONDS, _STATEMENT_SECONDS = 2, 5
#: An option of a connection that writes: SQLite takes its lock at the beginning, so no transaction fails half-way.
WRITES = "two_heads_writes"


def sqlite(file: Path) -> Engine:
    """An engine for a SQLite file in WAL mode, which only this server's user may read.

    Each transaction opens the file, so that a file that was deleted or restored is noticed. It opens nothing yet.
    """

    def connect() -> sqlite3.Connection:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A file that exists is not opened for this: a process that closes a file loses its locks on it, also those of
        # other connections (POSIX). Another server would then delete the log to which they write.
        if not file.exists():
            with suppress(FileExistsError):
                os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        connection = sqlite3.connect(file, timeout=_LOCK_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            with suppress(sqlite3.OperationalError):  # others may switch a new file to it at this moment
                connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", _begin)
    return engine


def postgresql(url: str) -> Engine:
    """An engine for PostgreSQL at `url`, postgresql://user:password@host/database. It opens no connection yet."""
    options: dict[str, Any] = {
        "connect_timeout": _CONNECT_SECONDS,
        "options": f"-c statement_timeout={_STATEMENT_SECONDS * 1000}",
    }
    address = f"postgresql+psycopg://{url.partition('://')[2]}"
    return create_engine(address, pool_pre_ping=True, pool_size=4, connect_args=options)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
