"""A server whose disk is full for a while, and which is killed later.

The kernel refuses every byte that it writes, as a full disk does. Then it opens another room, and prints each answer
that it has acknowledged until it is killed.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path
from threading import Thread

import pytest

from backend.database import Database
from backend.rooms import RoomUnavailable
from harness.local import until
from tests.builders.rooms import Classroom, rooms_on

CLASS = [f"visitor {n}" for n in range(20)]
#: How often each page tries again while the disk is full.
TRIES = 10


def fill_disk(room: Classroom, folder: Path) -> None:
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
    print(room.database.problem, flush=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    until(lambda: all(room.answer(who, 1 + who.number % 2) for who in everybody), "all is sent")
    chosen = {who.number: 1 + who.number % 2 for who in everybody}
    assert {number: given.option for number, given in room.stored().items()} == room.options() == chosen
    room.act("freeze", "reveal")
    later = Database(folder)
    seen = room.seen_by(rooms_on(later), later)
    assert seen.view.room.state == room.view.room.state
    print(room.view.room.state.phase, len(seen.options()), flush=True)
    seen.rooms.close()
    later.close()


def answer_until_killed(room: Classroom) -> None:
    everybody = room.join(*CLASS)
    room.act("begin")
    print("room", room.id, flush=True)

    def answer(n: int) -> None:
        for count in range(10**6):
            option = count % 3
            if room.answer(everybody[n], option, sure=f"{count}"):
                sys.stdout.write(f"{n + 1} {option} {count}\n")
                sys.stdout.flush()

    for n in range(len(CLASS)):
        Thread(target=answer, args=(n,), daemon=True).start()
    sys.stdin.read()


def main(folder: Path) -> None:
    database = Database(folder)
    rooms = rooms_on(database)
    fill_disk(Classroom.open(rooms, database), folder)
    answer_until_killed(Classroom.open(rooms, database))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
