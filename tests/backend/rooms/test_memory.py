"""A room in the memory of a server, on both databases."""

from __future__ import annotations

import time
from dataclasses import replace

from backend.rooms import Answer, store
from backend.rooms.memory import RoomMemory


def test_a_freeze_hides_no_answer_that_waits_to_be_stored_and_lets_no_other_wait(room, failing):
    (ada,) = room.join("ada")
    room.act("begin")
    room.answer(ada, 0)
    memory, key = RoomMemory(room.database), (0, 1, ada.number)
    before = memory.view(room.id)
    frozen = replace(before.room, state=before.room.state.model_copy(update={"phase": "frozen"}), version=99)
    with failing():
        assert memory.set_unsaved(room.id, key, Answer(1, "", time.time()))
        memory.set_room(frozen, before.answers)  # as the database had them
        assert memory.view(room.id).answer(ada.number, 0, 1).option == 1
        assert not memory.set_unsaved(room.id, key, Answer(2, "", time.time()))
        assert memory.view(room.id).answer(ada.number, 0, 1).option == 1
    assert room.database.flush()
    assert room.stored()[ada.number].option == 1


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
