"""A server that is killed, a database that fails: no acknowledged answer is lost, and the others are sent again."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.database import Database
from backend.rooms import RoomUnavailable
from harness.local import ROOT, until
from tests.builders.lessons import LESSON
from tests.builders.rooms import rooms_on
from tests.builders.storage import BOTH

# Each waits for a database that fails, or for another server.
pytestmark = pytest.mark.slow

CLASS = [f"visitor {n}" for n in range(20)]


def test_a_server_that_is_killed_loses_no_answer_that_it_acknowledged(tmp_path):
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
    view = rooms_on(database).view(id)
    stored = {number: (int(given.sure), given.option) for number, given in view.of_round(0, 1).items()}
    database.close()
    for number, acknowledged in last.items():
        # The next answer of the same participant may have been stored before its server could acknowledge it.
        assert stored[number] in (acknowledged, (acknowledged[0] + 1, (acknowledged[1] + 1) % 3))


@BOTH
def test_a_class_sends_its_answers_again_until_they_are_stored_and_who_joins_meanwhile_is_refused_at_once(
    room, other, failing
):
    everybody = room.join(*CLASS)
    room.act("begin")
    for who in everybody[:5]:
        assert room.answer(who, 0)
    told = room.options()
    with failing():
        with ThreadPoolExecutor(len(CLASS)) as pool:
            assert not any(pool.map(lambda who: room.answer(who, 1), everybody)), "nobody is told that it is sent"
        assert room.options() == told, "what is not stored is not counted"
        for refused in (
            lambda: room.act("freeze"),
            room.undo,
            lambda: room.rooms.open(LESSON, "host"),
            lambda: room.join("late"),
        ):
            with pytest.raises(RoomUnavailable, match="because"):
                refused()
    until(lambda: all(room.answer(who, 1) for who in everybody), "all is sent")
    chosen = {who.number: 1 for who in everybody}
    assert {number: given.option for number, given in room.stored().items()} == room.options() == chosen
    assert room.view.room.state.phase == "ask", "what was refused is not done later"
    assert len(room.rooms.of_owner("host")) == 1
    assert len(room.view.present) == len(CLASS), "nor does who was refused join later"
    room.act("freeze")
    until(lambda: other.view.room == room.view.room and other.options() == chosen, "the other server shows the same")
