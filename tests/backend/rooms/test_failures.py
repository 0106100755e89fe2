"""A server that is killed, a database that fails: no answer that was acknowledged is lost, and the host leads on."""

from __future__ import annotations

import subprocess
import sys

import pytest

from backend.database import Database
from backend.rooms import Conflict, Refused, RoomUnavailable
from harness.local import ROOT, until
from tests.backend.rooms.classroom import LESSON, serve

# Each waits for a database that fails, or for another server.
pytestmark = pytest.mark.slow


def test_a_killed_server_has_lost_no_answer_that_it_acknowledged(tmp_path):
    command = [sys.executable, "-m", "tests.backend.rooms.killed", str(tmp_path)]
    server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    id = server.stdout.readline().split()[1]
    lines = [server.stdout.readline() for _ in range(100)]
    server.kill()
    lines += server.stdout.read().splitlines()
    server.wait()
    last = {}
    for line in lines:
        number, option, count = map(int, line.split())
        last[number] = count, option
    assert len(last) > 10
    database = Database(tmp_path)
    view = serve(database).view(id)
    stored = {number: (int(given.sure), given.option) for number, given in view.of_round(0, 1).items()}
    database.close()
    for number, acknowledged in last.items():
        # The next answer of the same participant may have been stored before its server could acknowledge it.
        assert stored[number] in (acknowledged, (acknowledged[0] + 1, (acknowledged[1] + 1) % 3))


@pytest.mark.takes("the disk is full for seconds")
def test_a_full_disk_loses_nothing(tmp_path):
    command = [sys.executable, "-m", "tests.backend.rooms.full_disk", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    problem, ended, waited = done.stdout.splitlines()
    assert problem in ("the disk is full", "the disk cannot be written to")
    assert ended == "reveal 6"
    assert float(waited) < 2.5, "once the disk has room, nothing waits for long"


def test_while_the_database_fails_answers_are_counted_and_the_host_leads(room, failing):
    everybody = room.join(*(f"visitor {n}" for n in range(6)))
    room.act("begin")
    assert room.answer(everybody[0], 0)
    with failing():
        assert [room.answer(who, 1) for who in everybody[:5]] == [False] * 5
        assert not room.answer(everybody[1], 2)
        assert room.options() == {1: 1, 2: 2, 3: 1, 4: 1, 5: 1}
        assert room.view.unsaved == 5
        version = room.view.room.version
        room.act("freeze")
        with pytest.raises(Conflict):
            room.rooms.host.act(room.id, "lock", version)
        with pytest.raises(Refused, match="frozen"):
            room.answer(everybody[5], 0)
        with pytest.raises(Refused, match="because"):
            room.undo()
        with pytest.raises(Refused, match="because"):
            room.rooms.open(LESSON, "host")
        room.act("reveal", "more", "next")
        assert not room.answer(everybody[0], 1, step=1)
        assert (room.view.room.version, room.view.unsaved) == (version + 4, 6)
        assert room.view.room.state.step == 1
    until(lambda: room.view.unsaved == 0, "the answers are saved")
    assert room.database.flush()
    assert {number: given.option for number, given in room.stored().items()} == {1: 1, 2: 2, 3: 1, 4: 1, 5: 1}
    assert list(room.stored(step=1)) == [1]
    assert room.answer(everybody[1], 1, step=1)
    assert len(room.rooms.of_owner("host")) == 1, "a room whose tokens nobody has was not opened late"
    room.undo()
    assert room.view.room.state.phase == "reveal"


def test_who_tries_to_join_while_nothing_can_be_saved_is_refused_at_once_and_leaves_nothing_to_save(room, failing):
    (ada,) = room.join("ada")
    room.act("begin")
    with failing():
        assert not room.answer(ada, 1)
        until(lambda: room.database.problem is not None, "the write has failed")
        for number in range(30):
            with pytest.raises(RoomUnavailable, match="Nothing can be saved now"):
                room.join(f"late {number}")
    until(lambda: room.view.unsaved == 0, "the answer is saved")
    assert room.database.flush()
    assert [who.number for who in room.view.present] == [1]
    assert [who.number for who in room.join("bob")] == [2]


def test_what_was_saved_late_another_server_shows(room, other, failing):
    everybody = room.join(*(f"visitor {n}" for n in range(3)))
    room.act("begin")
    with failing():
        for who in everybody:
            assert not room.answer(who, 0)
        room.act("reset")
        assert (room.options(), room.view.unsaved) == ({}, 0)
        assert not room.answer(everybody[2], 2)
        room.act("freeze")
    until(lambda: other.view.room.version == room.view.room.version, "the other server has the state")
    until(lambda: other.options() == room.options() == {3: 2}, "and the answers since the reset")


def test_a_room_goes_on_after_more_waited_than_the_database_keeps(room, failing):
    from backend.database.database import MOST_WAITING

    everybody = room.join("ada", "bob")
    room.act("begin")
    with failing():
        assert not room.answer(everybody[0], 1)
        room.act("freeze", "discuss")
        for _ in range(MOST_WAITING + 1):
            room.database.write(lambda connection: None)
    until(lambda: room.database.flush(0.1) and room.database.problem is None, "the database works again")
    until(lambda: room.stored() == room.view.of_round(0, 1) != {}, "the answer is saved all the same")
    until(lambda: room.view.room.state.phase == "ask", "the room is as it is stored")
    room.act("freeze")
    assert room.view.unsaved == 0
