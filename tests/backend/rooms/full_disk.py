"""A server whose disk is full for a while: the kernel refuses every byte that it writes, as a full disk does."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from backend.database import Database
from harness.local import until
from tests.backend.rooms.classroom import Classroom, serve


def main(folder: str) -> None:
    database = Database(Path(folder))
    room = Classroom.open(serve(database), database)
    everybody = room.join(*(f"visitor {n}" for n in range(6)))
    room.act("begin")
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    assert [room.answer(who, who.number % 3) for who in everybody] == [False] * 6
    assert (room.view.unsaved, len(room.options())) == (6, 6)
    room.act("freeze", "reveal")
    full = time.monotonic()
    print(database.problem, flush=True)
    until(lambda: time.monotonic() > full + 7, "the server has tried for a while")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    free = time.monotonic()
    until(lambda: room.view.unsaved == 0 and database.flush(0.1), "all is saved")
    waited = time.monotonic() - free
    assert {number: given.option for number, given in room.stored().items()} == room.options()
    later = Database(Path(folder))
    seen = room.seen_by(serve(later), later)
    until(lambda: seen.view.room.state == room.view.room.state, "another server sees what the host did")
    print(room.view.room.state.phase, len(room.stored()))
    print(waited)


if __name__ == "__main__":
    main(sys.argv[1])
