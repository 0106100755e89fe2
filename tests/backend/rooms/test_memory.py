"""A room in the memory of a server, on both databases."""

from __future__ import annotations

from backend.rooms import Answer, store
from backend.rooms.memory import RoomMemory
from tests.backend.database.storage import BOTH


def test_an_answer_that_is_shown_late_hides_no_later_one(room):
    key = (0, 1, 1)
    view = room.view.with_answer(key, Answer(1, "", 20.0)).with_answer(key, Answer(2, "", 10.0))
    assert view.answer(1, 0, 1) == Answer(1, "", 20.0)
    assert view.with_answer(key, Answer(0, "", 30.0)).answer(1, 0, 1) == Answer(0, "", 30.0)


@BOTH
def test_a_room_that_was_deleted_while_it_was_read_does_not_come_back(room, monkeypatch):
    memory, read = RoomMemory(room.database), store.read
    assert memory.view(room.id)
    room.act("lock")

    def late(connection, id):
        view = read(connection, id)
        memory.drop(id)
        return view

    monkeypatch.setattr(store, "read", late)
    memory.reload(room.id)
    assert memory.peek(room.id) is None
