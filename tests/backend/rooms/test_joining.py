"""Joining while somebody tries codes, and new codes in place of those that are known too widely. On both databases."""

from __future__ import annotations

import pytest

from backend.rooms import RoomRefused, Slowed
from backend.rooms.lookups import SOONEST
from backend.rooms.tokens import ALPHABET, invitation
from tests.builders.rooms import Classroom
from tests.builders.storage import BOTH

CAMPUS = "192.0.2.7"
CODES = [f"{a}{b}{c}AAA" for a in ALPHABET for b in ALPHABET for c in ALPHABET[:3]]


@pytest.fixture
def room(timed):
    return timed


def attack(room, visitors, each, addresses) -> None:
    """Wrong codes at once, by so many visitors."""
    for n in range(visitors):
        for m in range(each):
            with pytest.raises(RoomRefused):
                room.rooms.find(CODES[n * each + m], f"eve {n}", addresses[n % len(addresses)])


def link(room) -> str:
    return invitation(room.view.room.secret, room.view.room.code)


@pytest.mark.slow
def test_a_class_that_scans_the_code_never_waits(room, clock):
    began = clock.now
    attack(room, 30, 10, [CAMPUS])
    for n in range(10):
        id = room.rooms.find(room.opened.room.code, f"visitor {n}", CAMPUS, link(room))
        room.rooms.people.join(id, f"visitor {n}")
    assert clock.now == began
    assert len(room.view.present) == 10


@pytest.mark.slow
def test_a_wrong_invitation_is_no_way_around_the_wait(room):
    """Neither to find a code by trying nor to learn by the wait whether a code is right."""
    other = Classroom.open(room.rooms, room.database)
    wrong = ["A" * 16, link(other), link(room)[:-1], link(room).swapcase(), "", "\x00", "\ud800"]
    attack(room, 2, 10, [CAMPUS])
    attack(room, 40, 2, [CAMPUS])
    waits = set()
    for n, each in enumerate(wrong):
        for code in (room.opened.room.code, "ZZZZZZ"):
            with pytest.raises(Slowed) as slowed:
                room.rooms.find(code, f"visitor {n}", CAMPUS, each)
            waits.add(slowed.value.seconds)
    assert waits == {SOONEST}


# A new code.


@BOTH
def test_a_new_code_replaces_code_and_invitation_and_keeps_those_inside(room, clock):
    ada, _ = room.join("ada", "bob")
    before, old = room.opened.room.code, link(room)
    room.act("begin")
    room.answer(ada, 1)
    with pytest.raises(RoomRefused, match="Lock the room before"):
        room.rooms.host.new_code(room.id)
    room.act("lock")
    code = room.rooms.host.new_code(room.id)
    room.act("unlock")
    assert code == room.view.room.code != before
    for invitation_ in ("", old, link(room)):
        with pytest.raises(RoomRefused, match="no room with this code"):
            room.rooms.find(before, "eve", CAMPUS, invitation_)
    assert room.join("ada") == [ada]
    assert room.options() == {1: 1}
    assert room.rooms.find(code, "cy", CAMPUS) == room.rooms.find(code, "cy", CAMPUS, link(room)) == room.id


def test_who_was_removed_does_not_come_back_with_the_new_code(room):
    room.join("eve")
    room.rooms.host.set_removed(room.id, [1])
    room.act("lock")
    code = room.rooms.host.new_code(room.id)
    room.act("unlock")
    assert room.rooms.find(code, "eve", CAMPUS) == room.id
    with pytest.raises(RoomRefused, match="removed you"):
        room.join("eve")
