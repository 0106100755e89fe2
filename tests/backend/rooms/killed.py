"""A server that prints each answer that it has acknowledged until it is killed."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread

from backend.database import Database
from backend.rooms import RoomUnavailable
from backend.rooms.people import SentAnswer
from tests.builders.rooms import Classroom, rooms_on

CLASS = [f"visitor {n}" for n in range(20)]


def answer_until_killed(room: Classroom) -> None:
    everybody = room.join(*CLASS)
    room.act("begin")
    print("room", room.id, flush=True)

    def answer(n: int) -> None:
        for count in range(10**6):
            option = count % 3
            sent = SentAnswer.model_construct(step=0, round=1, option=option, sure=f"{count}")  # counts the answers
            with suppress(RoomUnavailable):
                room.rooms.people.answer(room.id, everybody[n], sent)
                sys.stdout.write(f"{n + 1} {option} {count}\n")
                sys.stdout.flush()

    for n in range(len(CLASS)):
        Thread(target=answer, args=(n,), daemon=True).start()
    sys.stdin.read()


def main(folder: Path) -> None:
    database = Database(folder)
    answer_until_killed(Classroom.open(rooms_on(database), database))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
