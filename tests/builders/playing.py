"""A whole server with a small lesson, its host and its phones."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from backend.database.database import FILE
from backend.lessons import parse
from harness.host import Host
from harness.phone import AGAIN, Phone
from harness.server import Server
from harness.warm import healthy, warm
from tests.builders.lessons import GOLDEN

#: Words that stand nowhere else. The lesson's networks are small, so that a worker trains a class in seconds.
WHY, NOTES = "Zirconium explains it", "Vanadium is for the host"
LESSON = (
    GOLDEN.replace("epochs=3&samples=64", "epochs=2&samples=64&lstm=4")
    .replace("One reason", WHY)
    .replace("For the host.", NOTES)
)
TITLE = parse(LESSON).title


def start(folder: Path, workers: int = 0, environment: Mapping[str, str] | None = None, **options: Any) -> Server:
    """A server that offers the lesson and keeps its state in the folder."""
    lessons = folder / "lessons"
    lessons.mkdir(exist_ok=True)
    (lessons / "small.md").write_text(LESSON, encoding="utf-8")
    given = {"TWOHEADS_STATE_DIR": str(folder), "TWOHEADS_LESSONS": str(lessons), **(environment or {})}
    return Server(folder / "log", workers, given, **options)


@contextmanager
def started(folder: Path, workers: int = 0) -> Iterator[Server]:
    """That server, with its workers warm. At its end its log must have no traceback."""
    server = start(folder, workers)
    with warm(server) if workers else healthy(server) as running:
        yield running
    log = running.log.read_text()
    assert "Traceback" not in log, log


def stored(folder: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Rows of the server's database."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        return connection.execute(query, values).fetchall()


async def joined(address: str, code: str, count: int) -> list[Phone]:
    """Phones of new visitors in the room."""
    phones = [Phone(address) for _ in range(count)]
    await asyncio.gather(*(phone.join(code) for phone in phones))
    return phones


async def lead(host: Host, phones: Iterable[Phone], *labels: str) -> None:
    """Press the host's buttons, one after the other, each time until every phone shows the change."""
    followers = list(phones)
    for label in labels:
        before = max((phone.drawn for phone in followers), default=0)
        await host.advance(label)
        await asyncio.gather(*(phone.until_drawn(before + 1) for phone in followers))


async def answer(phone: Phone, option: int) -> None:
    """Choose an option. The phone sends it until the server has stored it."""
    while not await phone.answer(option):
        await asyncio.sleep(AGAIN)


async def leave(*tabs: Host | Phone) -> None:
    """Close the tabs."""
    await asyncio.gather(*(tab.close() for tab in tabs))
