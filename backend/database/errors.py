"""Why the database cannot be used, in a sentence for operators and visitors."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError


class Unavailable(Exception):
    """The database cannot be read or written now. The text says why, as the end of a sentence."""


class Broken(Exception):
    """A SQLite file is no usable database. The text says why."""


class OtherSchema(Exception):
    """The database has other tables than this version of Two Heads, or was written by a later version."""


#: Errors of SQLite for a file that is no database, or is damaged. A file of a format that this SQLite does not know
#: gives the general error, as a wrong statement of ours does. So that error counts only when a file is opened.
_BROKEN = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_BUSY: "the database is locked",
    sqlite3.SQLITE_READONLY: "the database is read-only",
    sqlite3.SQLITE_IOERR: "the disk is full or reports an error",
    sqlite3.SQLITE_CANTOPEN: "the database cannot be opened",
}


#: PostgreSQL's codes: the session may only read (a standby, or a quota), and the user lacks a right.
_READ_ONLY, _FORBIDDEN = "25006", "42501"
#: PostgreSQL's codes for a deadlock, and for transactions that cannot be put in an order.
_DEADLOCKS = ("40P01", "40001")
#: PostgreSQL's code for a table that is not there, and the beginning of SQLite's sentence.
_NO_TABLE, _NO_TABLE_WORDS = "42P01", "no such table"


def original(error: BaseException) -> BaseException:
    """The error of the database's driver, if SQLAlchemy has wrapped it."""
    return (error.orig or error) if isinstance(error, DBAPIError) else error


def sqlite_code(error: BaseException) -> int | None:
    """SQLite's primary error code of an error, also of one that SQLAlchemy has wrapped; None if it is none."""
    code = getattr(original(error), "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _sqlstate(error: BaseException) -> str | None:
    """PostgreSQL's code of an error; None if it is none."""
    return getattr(original(error), "sqlstate", None)


def is_broken(error: BaseException, opening: bool = False) -> bool:
    """Whether SQLite says that the file is no usable database."""
    code = sqlite_code(error)
    return code in _BROKEN or (opening and code == sqlite3.SQLITE_ERROR)


def is_conflict(error: BaseException) -> bool:
    """Whether a write failed because of a row that another server may have written or deleted at the same time."""
    return isinstance(error, IntegrityError)


def is_deadlock(error: BaseException) -> bool:
    """Whether PostgreSQL ended a transaction because it waited for one that waited for it."""
    return _sqlstate(error) in _DEADLOCKS


def is_read_only(error: BaseException) -> bool:
    """Whether PostgreSQL refused a write of a session that may only read."""
    return _sqlstate(error) == _READ_ONLY


def has_lost_tables(error: BaseException) -> bool:
    """Whether a table is not there. Somebody has emptied a database that was migrated before."""
    return _sqlstate(error) == _NO_TABLE or str(original(error)).startswith(_NO_TABLE_WORDS)


def is_lasting(error: BaseException) -> bool:
    """Whether a write that failed with this error would fail again, however often it is repeated."""
    known = isinstance(error, DBAPIError) and not error.connection_invalidated
    return known and not isinstance(error, OperationalError) and _sqlstate(error) not in (_READ_ONLY, _FORBIDDEN)


def reason(error: BaseException) -> str:
    """The reason as the end of a sentence: "the disk is full"."""
    if isinstance(error, OtherSchema):
        return "the database was written by another version of Two Heads"
    if is_read_only(error):
        return "the database is read-only"
    if _sqlstate(error) == _FORBIDDEN:
        return "its user may not use the database"
    if isinstance(error, DBAPIError) and sqlite_code(error) is None:
        return "the database server cannot be used"
    if isinstance(error, BlockingIOError):
        return _REASONS[sqlite3.SQLITE_BUSY]
    return _REASONS.get(sqlite_code(error) or 0, "the folder for it cannot be used")
