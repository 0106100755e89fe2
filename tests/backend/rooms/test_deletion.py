"""Deleting rooms, and the votes that outlive them."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import select, update

from backend.database.tables import ghost_votes, metadata, rooms, saved_runs
from backend.database.visitors import hashed
from backend.rooms import Refused
from backend.rooms.model import run_owner
from backend.training.saved_runs import SavedRuns
from harness.local import until
from tests.builders.lessons import LESSON
from tests.builders.rooms import Classroom
from tests.builders.runs import finished, run
from tests.builders.storage import BOTH

#: What the server and the database itself have in the tables.
OTHERS = {"server", "alembic_version", "database_id"}


def fill(room):
    """A room in which much has happened."""
    everybody = room.asked(1, 2, 0, 1, 2, 0)
    room.rooms.people.adopt(room.id, room.rooms.people.token(room.view.room, everybody[0]), "phone")
    room.act("ghosts", "freeze", "discuss")


def left(database):
    """How many rows each table has."""

    def count(connection):
        found = {table.name: len(connection.execute(select(table)).all()) for table in metadata.sorted_tables}
        return {name: rows for name, rows in found.items() if rows and name not in OTHERS}

    return database.read(count)


def save_run(room, number):
    """A run of the room in the database, as its training saves it."""
    SavedRuns(room.database).add(finished(run(number)), run_owner(room.id, number))
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
    with pytest.raises(Refused, match="does not exist any more"):
        room.rooms.host.act(room.id, "reveal", 1)


@BOTH
def test_a_run_that_somebody_else_has_remains(room):
    room.join("bob")
    save_run(room, 1)
    (entry,) = SavedRuns(room.database).of_visitor(run_owner(room.id, 1))
    SavedRuns(room.database).keep("ada", entry.id)
    room.rooms.host.delete(room.id)
    assert left(room.database) == {"run": 1, "saved_run": 1}
    mine = select(saved_runs.c.visitor)
    assert room.database.read(lambda connection: connection.execute(mine).scalar()) == hashed("ada")


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
    (ada,) = room.join("ada")
    until(lambda: len(other.view.present) == 1, "the other server sees ada")
    token = other.rooms.people.token(other.view.room, ada)
    other.rooms.close()  # so that it does not see the deletion
    room.rooms.host.delete(room.id)
    with pytest.raises(Refused, match="closed"):
        other.join("bob")
    other.rooms.people.adopt(room.id, token, "phone")
    assert left(room.database) == {}


def test_votes_outlive_their_room_only_by_the_hosts_leave_and_name_neither_it_nor_a_person(room):
    step = LESSON.steps[0]
    fill(room)
    room.act("no_ghosts", "close")
    assert "ghost_vote" not in left(room.database)
    kept = Classroom.open(room.rooms, room.database)
    fill(kept)
    kept.act("ask_again")
    kept.answer(kept.join("visitor 0")[0], 0, round=2)
    kept.act("close")
    for each in (room, kept):
        each.rooms.host.delete(each.id)
    assert left(room.database) == {"ghost_vote": 3}
    assert room.rooms.ghosts.votes(step).by_option == [2, 2, 2], "what they chose at first"
    found = room.database.read(lambda connection: connection.execute(select(ghost_votes)).all())
    assert not {kept.id, kept.opened.room.code} & {str(value) for row in found for value in row}


def test_votes_of_fewer_than_five_are_not_kept(room):
    few = room.join("ada", "bob", "cy", "dan", "eve")
    room.act("ghosts", "begin")
    for who in few:
        room.answer(who, 0)
    room.rooms.host.remove(room.id, few[0].number)
    room.act("freeze", "close")
    assert "ghost_vote" not in left(room.database)
