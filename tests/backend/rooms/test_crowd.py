"""Removing many together, and taking that back."""

from __future__ import annotations

import pytest

from backend.rooms import RoomRefused


@pytest.fixture
def room(timed):
    return timed


def present(room):
    return [who.number for who in room.view.present]


def test_those_who_have_not_answered_are_removed_together_and_taken_back(room, clock):
    ada, bob, cy, dee = room.join("ada", "bob", "cy", "dee")
    room.act("begin")
    room.answer(ada, 0)
    room.act("freeze", "reveal", "more", "more", "explain", "next")
    room.answer(bob, 0, step=1)
    assert room.rooms.host.remove_joined(room.id) == [cy.number, dee.number]
    assert present(room) == [ada.number, bob.number]
    with pytest.raises(RoomRefused, match="removed you"):
        room.join("cy")
    assert room.rooms.host.remove_joined(room.id) == []
    room.rooms.host.set_removed(room.id, [cy.number, dee.number], False)
    assert present(room) == [1, 2, 3, 4]
    assert room.answer(dee, 0, step=1)
