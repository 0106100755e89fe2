"""A server that opens a room, and prints each answer that it has acknowledged until it is killed."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Thread

from backend.database import Database
from tests.backend.rooms.classroom import Classroom, serve


def main(folder: str) -> None:
    database = Database(Path(folder))
    room = Classroom.open(serve(database), database)
    everybody = room.join(*(f"visitor {n}" for n in range(20)))
    room.act("begin")
    print("room", room.id, flush=True)

    def answer(n: int) -> None:
        for count in range(10**6):
            option = count % 3
            if room.answer(everybody[n], option, sure=f"{count}"):
                sys.stdout.write(f"{n + 1} {option} {count}\n")
                sys.stdout.flush()

    for n in range(20):
        Thread(target=answer, args=(n,), daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
