"""Those who ask for unknown rooms while the database is slow share what one of them reads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from sqlalchemy import event

from backend.rooms.known import KnownRooms
from harness.local import until


def test_those_who_wait_for_a_slow_database_share_one_read(room, clock):
    known, asked, go, reads = KnownRooms(room.database, clock), [], Event(), []

    def slow(connection, cursor, statement, *_) -> None:
        if statement.startswith("SELECT room.id"):
            reads.append(statement)
            go.wait(20)
            clock.now += 2  # what was read is old already

    def ask(id: str) -> bool:
        asked.append(id)
        return known.has(id)

    event.listen(room.database.read(lambda connection: connection.engine), "before_cursor_execute", slow)
    with ThreadPoolExecutor(40) as pool:
        first = pool.submit(ask, "nobody's")
        until(lambda: reads, "a read that has begun")
        others = [pool.submit(ask, f"nobody's {n}") for n in range(30)]
        mine = pool.submit(ask, room.id)
        until(lambda: len(asked) == 32, "all ask")
        go.set()
        assert not first.result()
        assert not any(each.result() for each in others)
        assert mine.result()
    assert len(reads) <= 3, "the first, one that began when the others waited, and one if somebody was late"
