"""Transactions of the database. The first one makes its tables, and a SQLite file that cannot be used is replaced."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from backend.database import errors
from backend.database.engines import MIGRATES, WRITES, SqliteFile, postgresql
from backend.database.errors import Broken, OtherSchema
from backend.database.schema import migrate

#: What a transaction raises if the database fails.
FAILURES = (OSError, sqlite3.Error, SQLAlchemyError, OtherSchema, Broken)
_T = TypeVar("_T")


class Transactions:
    """Transactions of the SQLite database in `file`, or of PostgreSQL at `url`. Safe from any thread."""

    def __init__(self, file: Path, url: str | None = None) -> None:
        self._file = None if url else SqliteFile(file)
        self._engine = self._file.engine if self._file else postgresql(url or "")
        self._migrated: object = None  # the identity of the file that was migrated, or True
        self._migrating = Lock()

    def run(self, work: Callable[[Connection], _T], writes: bool) -> _T:
        """Do `work` in a transaction. A SQLite file that cannot be used is renamed, and a new one is used.

        Raises one of `FAILURES` if that is impossible too, for example on a full disk.
        """
        identity = self._file.identity() if self._file else None
        try:
            return self._try(work, writes)
        except OtherSchema:
            if self._file is None:
                raise
            self._file.put_aside(identity, "other-schema", "is of another version")
        except Broken as error:
            assert self._file is not None
            self._file.put_aside(identity, "broken", f"is broken ({error})")
        except SQLAlchemyError as error:
            if not errors.has_lost_tables(error):
                raise
            self._migrated = None  # somebody has emptied the database
        return self._try(work, writes)

    def disconnect(self) -> None:
        """Close the connections that are kept. The next transaction opens another one."""
        self._engine.dispose()

    def _try(self, work: Callable[[Connection], _T], writes: bool) -> _T:
        self._migrate()
        try:
            with self._connected(writes) as connection:
                return work(connection)
        except (sqlite3.Error, SQLAlchemyError) as error:
            if self._file is not None and errors.is_broken(error):
                raise Broken(errors.original(error)) from error
            raise

    @contextmanager
    def _connected(self, writes: bool, migrates: bool = False) -> Iterator[Connection]:
        options = {WRITES: writes, MIGRATES: migrates}
        with (
            self._file.locked() if self._file else nullcontext(),
            self._engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    def _migrate(self) -> None:
        """Migrate the database if this server has not done so, or if its file was replaced."""
        if self._is_migrated():
            return
        with self._migrating:
            if self._is_migrated():
                return
            try:
                with self._connected(writes=True, migrates=True) as connection:
                    migrate(connection)
            except (sqlite3.Error, SQLAlchemyError) as error:
                if self._file is not None and errors.is_broken(error, opening=True):
                    raise Broken(errors.original(error)) from error
                raise
            self._migrated = self._file.identity() if self._file else True

    def _is_migrated(self) -> bool:
        return self._migrated is not None and (self._file is None or self._migrated == self._file.identity())
