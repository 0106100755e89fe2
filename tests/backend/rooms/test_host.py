"""Leading a room on both databases: one action for each version, Undo, and what is asked again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from backend.rooms import Conflict, RoomRefused
from harness.local import until
from tests.builders.storage import BOTH

#: Who answer at the same time, each in a thread.
CROWD = 40


def test_a_room_survives_its_server(room, start):
    room.asked(1, 0)
    before = room.view
    room.rooms.close()
    room.database.close()
    again = room.seen_by(*start()).view
    assert again == before


@BOTH
def test_of_two_servers_that_act_on_one_version_one_succeeds(room, other):
    version = room.view.room.version
    room.rooms.host.act(room.id, "begin", version)
    with pytest.raises(Conflict, match="The room has changed since you saw it"):
        other.rooms.host.act(room.id, "lock", version)
    with pytest.raises(Conflict):
        other.rooms.host.undo(room.id, version)
    assert other.view.room == room.view.room, "the refused host sees the room as it is"
    assert not room.view.room.state.locked


def test_several_actions_are_undone_in_a_row(room):
    (ada,) = room.join("ada")
    with pytest.raises(RoomRefused, match="nothing to undo"):
        room.undo()
    states = [room.view.room.state]
    for action in ("names", "begin", "freeze", "reveal", "next"):
        room.act(action)
        states.append(room.view.room.state)
        if action == "begin":
            room.answer(ada, 0)
    states.pop()
    while states:
        room.undo()
        assert room.view.room.state == states.pop()
        if room.view.room.state.phase == "ask":
            assert room.options() == {1: 0}
            assert room.answer(ada, 0)
    with pytest.raises(RoomRefused, match="nothing to undo"):
        room.undo()
    room.act("lock", "close")
    with pytest.raises(RoomRefused, match="The room is closed"):
        room.undo()


def test_reset_and_skip_delete_no_answers_of_another_question(room):
    (ada,) = room.asked(0)
    room.act("skip")
    room.answer(ada, 1, step=1)
    assert (room.options(), room.options(step=1)) == ({1: 0}, {1: 1})
    room.act("reset")
    assert (room.options(), room.options(step=1)) == ({1: 0}, {})
    assert (len(room.stored()), len(room.stored(step=1))) == (1, 0)


def test_answers_of_a_round_that_was_taken_back_count_in_no_result(room):
    (ada,) = room.asked(0)
    room.act("freeze", "discuss", "ask_again")
    room.answer(ada, 1, round=2)
    room.undo()
    room.undo()
    room.act("reveal")
    assert [{number: given.option for number, given in each.items()} for each in room.view.rounds(0)] == [{1: 0}]
    assert (len(room.stored()), room.stored(round=2)) == (1, {})


@pytest.mark.slow
@BOTH
def test_each_answer_that_was_accepted_before_the_freeze_is_counted_and_no_other(room, other):
    everybody = room.join(*(f"visitor {n}" for n in range(CROWD)))
    room.act("begin")
    other.rooms.close()  # so that it reads the room only here
    barrier, frozen = Barrier(CROWD + 1), []

    def answer(n):
        barrier.wait()
        possible = {-1}
        for option in (0, 1, 2) * 2:
            try:
                # On a busy machine, an answer may be stored of which its page was told only that it is not sent yet.
                possible = {option} if room.answer(everybody[n], option) else possible | {option}
            except RoomRefused:
                break
        return possible

    def freeze():
        barrier.wait()
        until(lambda: bool(room.stored()), "an answer is stored")
        until(room.is_frozen, "the answers are frozen")
        frozen.append(room.options())

    with ThreadPoolExecutor(CROWD + 1) as pool:
        ended = pool.submit(freeze)
        possible = list(pool.map(answer, range(CROWD)))
        ended.result()
    counted = {number: given.option for number, given in room.stored().items()}
    assert all(counted.get(n + 1, -1) in options for n, options in enumerate(possible))
    assert frozen[0] == room.options() == counted, "also at the moment in which the host sees it"
