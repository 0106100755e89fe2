"""A server that writes rows and reads in several threads. It ends with an error where a write is not acknowledged.

`python -m tests.builders.busy_server folder name count`
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from sqlalchemy import insert, select

from backend.database import Database
from backend.database.tables import started_jobs

READERS = 3


def serve(folder: Path, name: str, count: int) -> None:
    """Commit `count` rows one after the other, while others read. Each transaction opens the file and closes it."""
    database, ended = Database(folder), threading.Event()

    def look() -> None:
        while not ended.is_set():
            database.read(lambda connection: connection.execute(select(started_jobs.c.job).limit(1)).all())

    readers = [threading.Thread(target=look) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    print("busy", flush=True)
    try:
        for number in range(count):
            row = {
                "visitor": f"{name}.{number}", "kind": "train", "part": "", "query": "", "job": f"{name}.{number}",
                "server": "s", "finished": False, "at": 1.0,
            }  # fmt: skip
            done = threading.Event()
            database.write(lambda connection, row=row: connection.execute(insert(started_jobs), [row]), done.set)
            assert done.wait(60), "the write is not acknowledged"
    finally:
        ended.set()
        for reader in readers:
            reader.join()
        database.close()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
