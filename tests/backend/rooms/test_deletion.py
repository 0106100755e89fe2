"""Deleting rooms."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import select, update

from backend.database.tables import metadata, rooms, saved_runs
from backend.database.visitors import hashed
from backend.rooms import RoomRefused
from backend.rooms.model import run_owner
from backend.training.store import RunStore
from harness.local import until
from tests.builders.rooms import Classroom
from tests.builders.runs import finished, run
from tests.builders.storage import BOTH

#: What the server and the database itself have in the tables.
OTHERS = {"server", "alembic_version", "database_id"}


def fill(room):
    """A room in which much has happened."""
    room.asked(1, 2, 0, 1, 2, 0)
    room.act("freeze", "discuss")


def left(database):
    """How many rows each table has."""

    def count(connection):
        found = {table.name: len(connection.execute(select(table)).all()) for table in metadata.sorted_tables}
        return {name: rows for name, rows in found.items() if rows and name not in OTHERS}

    return database.read(count)


def save_run(room, number):
    """A run of the room in the database, as its training saves it."""
    RunStore(room.database).add(finished(run(number)), run_owner(room.id, number))
    assert room.database.flush()


@BOTH
def test_of_a_deleted_room_nothing_remains(room):
    fill(room)
    save_run(room, 3)
    of_a_room = ("participant", "device", "answer", "event")
    assert left(room.database).keys() >= {"room", "run", *(f"room_{each}" for each in of_a_room)}
    room.rooms.host.delete(room.id)
    assert left(room.database) == {}
    assert room.rooms.view(room.id) is None
    with pytest.raises(RoomRefused, match="does not exist any more"):
        room.rooms.host.act(room.id, "reveal", 1)


@BOTH
def test_a_run_that_somebody_else_has_remains(room):
    room.join("bob")
    save_run(room, 1)
    (entry,) = RunStore(room.database).of_visitor(run_owner(room.id, 1))
    RunStore(room.database).keep("ada", entry.id)
    room.rooms.host.delete(room.id)
    assert left(room.database) == {"run": 1, "saved_run": 1}
    mine = select(saved_runs.c.visitor)
    assert room.database.read(lambda connection: connection.execute(mine).scalar()) == hashed("ada")


@BOTH
def test_a_room_whose_database_is_emptied_under_the_server_ends_with_a_sentence(room, start):
    (ada,) = room.join("ada")
    room.act("begin")
    _, another = start()
    another.commit(lambda connection: metadata.drop_all(connection), 60)
    with pytest.raises(RoomRefused, match=r"closed|does not exist any more"):
        room.answer(ada, 1)
    until(lambda: room.rooms.view(room.id) is None, "the room has ended")
    with pytest.raises(RoomRefused, match="does not exist any more"):
        room.rooms.host.act(room.id, "freeze", 1)
    assert Classroom.open(room.rooms, room.database).join("ada")[0].number == 1


@pytest.mark.slow
@BOTH
def test_an_expired_room_is_deleted_with_all_that_belongs_to_it_and_no_other(room, start):
    fill(room)
    another = Classroom.open(room.rooms, room.database)
    another.join("ada")
    past = update(rooms).where(rooms.c.id == room.id).values(expires=time.time() - 1)
    room.database.commit(lambda connection: connection.execute(past).rowcount)
    later = room.seen_by(*start())
    later.rooms.view(another.id)
    until(lambda: later.rooms.view(room.id) is None, "the room has gone", 20)
    until(lambda: room.rooms.view(room.id) is None, "for the first server, too")
    assert left(room.database) == {"room": 1, "room_participant": 1, "room_device": 1}
    assert another.view.room.id == another.id


@BOTH
def test_who_comes_while_the_room_is_deleted_leaves_no_row(room, other):
    room.join("ada")
    until(lambda: len(other.view.present) == 1, "the other server sees ada")
    other.rooms.close()  # so that it does not see the deletion
    room.rooms.host.delete(room.id)
    with pytest.raises(RoomRefused, match="closed"):
        other.join("bob")
    assert left(room.database) == {}
