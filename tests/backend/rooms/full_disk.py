"""A server whose disk is full for a while: the kernel refuses every byte that it writes, as a full disk does."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import pytest

from backend.database import Database
from backend.rooms import RoomUnavailable
from harness.local import until
from tests.backend.rooms.classroom import Classroom, serve

CLASS = [f"visitor {n}" for n in range(20)]
#: How often each page tries again while the disk is full.
TRIES = 10


def main(folder: str) -> None:
    database = Database(Path(folder))
    room = Classroom.open(serve(database), database)
    everybody = room.join(*CLASS)
    room.act("begin")
    told = {who.number: 0 for who in everybody[:5] if room.answer(who, 0)}
    assert len(told) == 5
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    assert not any(room.answer(who, 1 + who.number % 2) for who in everybody)
    for _ in range(TRIES):
        assert not any(room.answer(who, 1 + who.number % 2) for who in everybody), "nobody is told that it is sent"
        assert room.options() == told, "what is not stored is not counted"
    with pytest.raises(RoomUnavailable, match="Nothing can be saved now"):
        room.act("freeze")
    print(database.problem, flush=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    until(lambda: all(room.answer(who, 1 + who.number % 2) for who in everybody), "all is sent")
    chosen = {who.number: 1 + who.number % 2 for who in everybody}
    assert {number: given.option for number, given in room.stored().items()} == room.options() == chosen
    room.act("freeze", "reveal")
    later = Database(Path(folder))
    seen = room.seen_by(serve(later), later)
    assert seen.view.room.state == room.view.room.state
    print(room.view.room.state.phase, len(seen.options()))


if __name__ == "__main__":
    main(sys.argv[1])
