"""Visitors who open rooms without end. A cookie costs nothing, so an address is bounded; unused rooms make place."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import update

from backend.database.tables import rooms
from backend.rooms import Refused
from backend.rooms.lookups import MOST_OPENED, Openings
from tests.backend.rooms.classroom import LESSON, Classroom


def test_an_address_opens_so_many_rooms_in_an_hour():
    now = [0.0]
    openings = Openings(lambda: now[0])
    assert [openings.refused("a") for _ in range(MOST_OPENED + 2)] == [False] * MOST_OPENED + [True] * 2
    assert not openings.refused("b")
    now[0] = 3601
    assert not openings.refused("a")


def test_who_opens_rooms_without_end_is_refused_and_others_are_not(room):
    for n in range(MOST_OPENED):
        room.rooms.open(LESSON, f"eve {n}", "192.0.2.1")
    for n in range(20):
        with pytest.raises(Refused, match="Too many rooms were opened from your network"):
            room.rooms.open(LESSON, f"another {n}", "192.0.2.1")
    assert room.rooms.open(LESSON, "ada", "192.0.2.2").room.version == 1


def test_a_full_server_deletes_the_oldest_room_that_nobody_has_joined(room, monkeypatch):
    monkeypatch.setattr("backend.rooms.rooms.MOST_OF_ALL", 3)
    room.join("ada")
    empty, fresh = (Classroom.open(room.rooms, room.database, f"host {n}") for n in range(2))
    with pytest.raises(Refused, match="no place"):
        room.rooms.open(LESSON, "bob")
    for each in (room, empty):
        older = update(rooms).where(rooms.c.id == each.id).values(created=time.time() - 25 * 3600)
        room.database.commit(lambda connection, older=older: connection.execute(older).rowcount)
    opened = room.rooms.open(LESSON, "bob").room
    ids = {each.id for owner in ("host", "host 0", "host 1", "bob") for each in room.rooms.of_owner(owner)}
    assert ids == {room.id, fresh.id, opened.id}
    with pytest.raises(Refused, match="no place"):
        room.rooms.open(LESSON, "cy")
