"""Many who join at once: the notice, removing them together, and taking that back. On both databases."""

from __future__ import annotations

import pytest

from backend.rooms import Refused
from backend.rooms.crowd import MANY, MANY_LATE, WITHIN, burst
from tests.builders.storage import BOTH


@pytest.fixture
def room(timed):
    return timed


def join(room, clock, count, seconds, name="visitor"):
    """So many join, evenly within these seconds."""
    found = []
    for n in range(count):
        found += room.join(f"{name} {n}")
        clock.now += seconds / count
    return found


def present(room):
    return [who.number for who in room.view.present]


#: Addresses of documentation networks.
SCHOOL, ELSEWHERE, HOSTILE = "192.0.2.1", "198.51.100.1", "203.0.113.1"


def flood(room, clock, address, count=MANY):
    for n in range(count):
        room.join(f"fake {n} of {address}", address=address)
        clock.now += WITHIN / count / 2


@BOTH
def test_a_press_removes_a_burst_of_one_network_and_no_phone_of_another_or_that_has_answered(room, clock):
    early, answers = room.join("early", "answers", address=HOSTILE)
    clock.now += 60
    room.act("begin")
    flood(room, clock, HOSTILE, MANY_LATE // 2)
    (meanwhile,) = room.join("meanwhile", address=SCHOOL)
    (late,) = room.join("late and answers", address=HOSTILE)
    flood(room, clock, HOSTILE, MANY_LATE)
    (later,) = room.join("later", address=ELSEWHERE)
    assert room.answer(answers, 0)
    assert room.answer(late, 1)
    (group,) = burst(room.view).groups
    assert group.count == MANY_LATE
    removed = room.rooms.host.remove_joined(room.id, burst(room.view).since, group.network)
    assert len(removed) == group.count
    assert present(room) == [who.number for who in (early, answers, meanwhile, late, later)]
    assert burst(room.view) is None


def test_what_is_stored_of_an_address_is_the_short_name_of_its_network(room):
    one, same, other, unknown = (
        room.join(f"{n}", address=address)[0]
        for n, address in enumerate(["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", ""])
    )
    assert one.network == same.network != other.network
    assert (len(one.network), unknown.network) == (5, "")


@pytest.mark.slow
def test_a_class_that_scans_a_code_together_is_no_burst(room, clock):
    join(room, clock, 100, 20)
    assert burst(room.view) is None


def test_those_who_have_not_answered_are_removed_together_and_taken_back(room, clock):
    ada, bob, cy, dee = room.join("ada", "bob", "cy", "dee")
    room.act("begin")
    room.answer(ada, 0)
    room.act("freeze", "reveal", "more", "more", "explain", "next")
    room.answer(bob, 0, step=1)
    assert room.rooms.host.remove_joined(room.id) == [cy.number, dee.number]
    assert present(room) == [ada.number, bob.number]
    with pytest.raises(Refused, match="removed you"):
        room.join("cy")
    assert room.rooms.host.remove_joined(room.id) == []
    room.rooms.host.set_removed(room.id, [cy.number, dee.number], False)
    assert present(room) == [1, 2, 3, 4]
    assert room.answer(dee, 0, step=1)
