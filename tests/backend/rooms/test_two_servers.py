"""Two servers with one database: what one does, the other shows soon, and its training is taken over."""

from __future__ import annotations

import pytest

from backend.rooms.people import Choice
from harness.local import until
from tests.builders.storage import BOTH

# Each waits for a database that fails, or for another server.
pytestmark = pytest.mark.slow


@BOTH
def test_what_one_server_does_the_other_shows(room, other):
    ada, bob = room.join("ada", "bob")
    until(lambda: [each.alias for each in other.view.present] == [ada.alias, bob.alias], "who joined")
    room.act("names", "begin")
    until(lambda: other.view.room == room.view.room, "the open question")
    other.answer(bob, 2)
    room.answer(ada, 0)
    until(lambda: other.options() == room.options() == {1: 0, 2: 2}, "the answers of both")
    room.answer(ada, 1)
    until(lambda: other.options() == {1: 1, 2: 2}, "the changed answer")
    other.rooms.people.choose(room.id, bob, Choice(name="Bob"))
    until(lambda: room.view.participants[2].alias == "Bob", "the name")
    other.rooms.host.set_removed(room.id, [1])
    until(lambda: room.options() == {2: 2}, "the removal")
    other.rooms.host.delete(room.id)
    until(lambda: room.rooms.view(room.id) is None, "the deletion")


@BOTH
def test_a_server_that_runs_keeps_the_training_and_one_that_stopped_gives_it_up(room, other):
    room.act("begin")
    mine = room.database.presence.id
    until(lambda: other.view.room == room.view.room, "the other server sees it")
    for n in range(3):  # as long as the other looks several times
        room.join(f"visitor {n}")
        until(lambda: len(other.view.present) == len(room.view.present), "who joined")
    assert other.view.room.server == room.view.room.server == mine
    room.rooms.close()
    room.database.close()
    until(lambda: other.view.room.server == other.database.presence.id, "the other server has taken over")
