"""Servers of rooms on both kinds of database, and a database that fails for a while."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from backend.database import Database
from backend.database.database import FILE
from backend.rooms import Rooms
from tests.builders.rooms import Classroom, Clock, rooms_on
from tests.builders.storage import Storage, sqlite_first

storage = sqlite_first


@pytest.fixture
def start(storage: Storage) -> Iterator[Callable[..., tuple[Rooms, Database]]]:
    """Starts another server on the same database."""
    started: list[Rooms] = []

    def one(clock: Clock | None = None, passphrase: str | None = None) -> tuple[Rooms, Database]:
        database = storage.open()
        started.append(rooms_on(database, clock, passphrase))
        return started[-1], database

    yield one
    for rooms in started:
        rooms.close()


@pytest.fixture
def room(start: Callable[[], tuple[Rooms, Database]]) -> Classroom:
    """An open room."""
    return Classroom.open(*start())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def timed(start: Callable[..., tuple[Rooms, Database]], clock: Clock) -> Classroom:
    """An open room on a server whose clock the test sets."""
    return Classroom.open(*start(clock))


@pytest.fixture
def other(room: Classroom, start: Callable[[], tuple[Rooms, Database]]) -> Classroom:
    """The same room on another server, which knows it already."""
    second = room.seen_by(*start())
    assert second.view.room == room.view.room
    return second


@pytest.fixture
def failing(
    storage: Storage, tmp_path: Path, request: pytest.FixtureRequest
) -> Callable[[], AbstractContextManager[None]]:
    """Inside it nothing can be saved: another process has locked the file, or PostgreSQL takes no connection."""

    @contextmanager
    def locked() -> Iterator[None]:
        with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            yield
            connection.execute("COMMIT")

    @contextmanager
    def away() -> Iterator[None]:
        name = storage.open().read(lambda connection: connection.execute(text("SELECT current_database()")).scalar())
        with psycopg.connect(f"{request.getfixturevalue('postgresql')}/postgres", autocommit=True) as admin:
            admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")  # type: ignore[call-overload]
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            yield
            admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")  # type: ignore[call-overload]

    return locked if request.node.callspec.params["storage"] == "sqlite" else away
