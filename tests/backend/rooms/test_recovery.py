"""A running room whose database is deleted, damaged or emptied: the class goes on, and no answer is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, text

from backend.database import Database
from backend.database.database import FILE
from backend.database.tables import metadata, rooms
from backend.rooms import Refused, RoomUnavailable
from harness.local import until
from tests.builders.rooms import Classroom
from tests.builders.storage import BOTH, Storage

Lose = Callable[[], None]


def delete(folder: Path) -> None:
    for file in folder.glob(f"{FILE}*"):
        file.unlink(missing_ok=True)


#: What happens to PostgreSQL.
STATEMENTS = {
    "its tables are dropped": "DROP SCHEMA public CASCADE; CREATE SCHEMA public",
    "its rows are deleted": "; ".join(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)),
}


#: Every way in which a database is lost.
losses = pytest.mark.parametrize(
    ("storage", "lose"),
    [("sqlite", delete), *(("postgresql", each) for each in STATEMENTS)],
    ids=["its file is deleted", *STATEMENTS],
    indirect=True,
)


def executed(admin: psycopg.Connection, statements: str) -> bool:
    """False if PostgreSQL has ended them, because they and a server's transaction waited for each other."""
    try:
        admin.execute(statements)  # type: ignore[call-overload]
    except psycopg.errors.DeadlockDetected:
        return False
    return True


@pytest.fixture
def lose(request: pytest.FixtureRequest, storage: Storage, tmp_path: Path) -> Lose:
    """Destroys the database in one of these ways."""
    if callable(request.param):
        return lambda: request.param(tmp_path)

    def execute() -> None:
        name = storage.open().read(lambda connection: connection.execute(text("SELECT current_database()")).scalar())
        with psycopg.connect(f"{request.getfixturevalue('postgresql')}/{name}", autocommit=True) as admin:
            until(lambda: executed(admin, STATEMENTS[request.param]))

    return execute


def is_whole(room: Classroom, start: Callable[[], tuple[object, Database]]) -> bool:
    """Whether a server that starts now sees the room as this one does."""
    later = room.seen_by(*start())  # type: ignore[arg-type]
    try:
        found, known = later.rooms.view(room.id), room.view
    except RoomUnavailable:
        return False
    finally:
        later.rooms.close()
        later.database.close()
    return found is not None and (found.room.state, found.participants, found.devices, found.answers) == (
        known.room.state, known.participants, known.devices, known.answers,
    )  # fmt: skip


@losses
@pytest.mark.slow
def test_a_class_goes_on_after_its_database_is_lost(room, start, lose):
    everybody = room.join(*(f"visitor {n}" for n in range(6)), address="192.0.2.1")
    room.act("names", "begin")
    room.rooms.people.set_name(room.id, everybody[0], "Ada")
    for who in everybody[:4]:
        assert room.answer(who, who.number % 3, sure="certain")
    room.rooms.host.remove(room.id, 3)
    before = room.view
    lose()
    until(lambda: room.answer(everybody[4], 1), "it is stored, and by nothing refused")
    until(lambda: room.answer(everybody[0], 2))
    (late,) = room.join("late")
    assert late.number == 7
    until(lambda: is_whole(room, start), "the room is in the database again")
    now = room.view
    assert now.room == before.room
    assert now.participants[1].alias == "Ada"
    assert now.participants[3].removed
    assert room.options() == {1: 2, 2: 2, 4: 1, 5: 1}
    room.act("freeze")
    with pytest.raises(Refused, match="frozen"):
        room.answer(everybody[1], 0)
    room.act("discuss", "ask_again")
    room.undo()
    assert room.view.room.state.phase == "discuss"
    assert is_whole(room, start)


@losses
@pytest.mark.slow
def test_each_server_puts_back_what_it_knows(room, other, start, lose):
    everybody = room.join("ada", "bob")
    room.act("begin")
    until(lambda: other.view == room.view, "the other server knows them, and that the question is open")
    room.answer(everybody[0], 0)
    other.answer(everybody[1], 1)
    until(lambda: room.options() == other.options() == {1: 0, 2: 1}, "both know both answers")
    lose()
    until(room.is_frozen)
    _, later = start()
    assert room.database.presence.id in later.read(later.presence.running), (
        "else the other would take its training over"
    )
    other.database.write(lambda connection: None)  # else it would read again only after seconds
    until(lambda: other.view.room == room.view.room and is_whole(other, start), "both are whole")
    assert room.options() == other.options() == {1: 0, 2: 1}


@BOTH
def test_a_room_that_another_server_has_deleted_is_not_put_back(room, other):
    room.join("ada")
    other.rooms.host.delete(room.id)
    until(lambda: room.rooms.view(room.id) is None, "it is deleted here, too")
    assert room.database.flush()
    assert room.database.read(lambda connection: connection.execute(select(rooms.c.id)).all()) == []
