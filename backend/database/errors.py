"""Why the database cannot be used, in a sentence for operators and visitors."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError


class Unavailable(Exception):
    """The database cannot be read or written now. The text says why, as the end of a sentence."""


class OtherSchema(Exception):
    """The database is of another version of Two Heads. The text says so, and what to do, without the subject."""


#: What a transaction raises if the database fails.
FAILURES = (OSError, sqlite3.Error, SQLAlchemyError, OtherSchema)
#: Errors of SQLite for a file that is no database, or is damaged.
_DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
_OF_SQLITE = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_BUSY: "the database is locked",
    sqlite3.SQLITE_READONLY: "the database is read-only",
    sqlite3.SQLITE_IOERR: "the disk is full or reports an error",
    sqlite3.SQLITE_CANTOPEN: "the database cannot be opened",
    **dict.fromkeys(_DAMAGED, "the database is damaged"),
}
#: PostgreSQL's code for a table that is not there, and the beginning of SQLite's sentence.
_NO_TABLE, _NO_TABLE_WORDS = "42P01", "no such table"
#: By PostgreSQL's codes: the session may only read (a standby, or a quota), and the user lacks a right.
_OF_POSTGRESQL = {
    "25006": "the database is read-only",
    "42501": "its user may not use the database",
}
#: PostgreSQL's codes for a deadlock, and for transactions that cannot be put in an order.
_DEADLOCKS = ("40P01", "40001")


def _original(error: BaseException) -> BaseException:
    """The error of the database's driver, if SQLAlchemy has wrapped it."""
    return (error.orig or error) if isinstance(error, DBAPIError) else error


def _sqlite_code(error: BaseException) -> int:
    """SQLite's primary error code; 0 if the error is none of SQLite's."""
    return int(getattr(_original(error), "sqlite_errorcode", 0)) & 0xFF


def _sqlstate(error: BaseException) -> str | None:
    """PostgreSQL's code of an error; None if it is none."""
    return getattr(_original(error), "sqlstate", None)


def is_damage(error: BaseException) -> bool:
    """Whether SQLite says that the file is no usable database."""
    return _sqlite_code(error) in _DAMAGED


def is_conflict(error: BaseException) -> bool:
    """Whether a write failed because of what another server wrote, deleted or waited for at the same time."""
    return isinstance(error, IntegrityError) or _sqlstate(error) in _DEADLOCKS


def has_lost_tables(error: BaseException) -> bool:
    """Whether a table is not there. Somebody has deleted or emptied a database that this server has migrated."""
    return _sqlstate(error) == _NO_TABLE or str(_original(error)).startswith(_NO_TABLE_WORDS)


def is_of_database(error: BaseException) -> bool:
    """Whether the database failed, and not the work in it, which would then fail again."""
    if not isinstance(error, FAILURES) or is_conflict(error):
        return False
    if not isinstance(error, DBAPIError) or isinstance(error, OperationalError) or error.connection_invalidated:
        return True
    return is_damage(error) or has_lost_tables(error) or _sqlstate(error) in _OF_POSTGRESQL


def reason(error: BaseException) -> str:
    """The reason as the end of a sentence: "the disk is full"."""
    if isinstance(error, OtherSchema):
        return "the database was written by another version of Two Heads"
    if has_lost_tables(error):
        return "the database has lost its tables"
    known = _OF_POSTGRESQL.get(_sqlstate(error) or "") or _OF_SQLITE.get(_sqlite_code(error))
    if known is None and isinstance(error, DBAPIError) and not _sqlite_code(error):
        return "the database server cannot be used"
    return known or "the folder for it cannot be used"
