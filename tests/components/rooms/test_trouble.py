"""A room that a participant floods, on the server as it runs: the others notice nothing of it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from backend.rooms.model import MOST_PARTICIPANTS
from backend.web.cookie import COOKIE
from backend.web.streams import MOST_OF_VISITOR
from harness.host import Host
from harness.local import until
from harness.phone import Phone
from harness.server import Server
from harness.tab import Broken
from tests.builders.playing import TITLE, answer, joined, lead, leave, started, stored

pytestmark = pytest.mark.jobs

OTHERS = 5


async def streams(address: str, path: str, cookie: str, count: int) -> list[bytes]:
    """The first line of each of so many streams, which stay open until all were tried."""
    host, _, port = address.partition(":")
    request = f"GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n\r\n".encode()
    found, writers = [], []
    for _ in range(count):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(request)
        writers.append(writer)
        found.append((await reader.readline()).strip())
    for writer in writers:
        writer.close()
    return found


async def answers(phone: Phone, count: int) -> None:
    """Answer so often at once, without waiting for the server."""
    with suppress(Broken, OSError):
        await asyncio.gather(*(phone.answer(n % 3) for n in range(count)))


async def joins(address: str, code: str, count: int, at_once: int = 4) -> None:
    """So many new visitors join the room, and leave. A room that is full refuses them."""
    waiting = asyncio.Semaphore(at_once)

    async def one() -> None:
        async with waiting:
            phone = Phone(address)
            with suppress(Broken):
                await phone.join(code)
            await phone.close()

    await asyncio.gather(*(one() for _ in range(count)))


async def flood(server: Server, folder: Path, given: int, joining: int, open_: int) -> None:
    """One visitor floods while others answer again and again."""
    host, eve = Host(server.address), Phone(server.address)
    await host.open_room(TITLE)
    others = await joined(server.address, host.code, OTHERS)
    await eve.join(host.code)
    await lead(host, [eve, *others], "Begin")
    path = f"/rooms/{host.id}/page"
    cookie = f"{COOKIE}={eve.cookies[COOKIE]}"
    flooding = asyncio.gather(
        answers(eve, given), joins(server.address, host.code, joining), streams(server.address, path, cookie, open_)
    )
    rounds = 0
    while not flooding.done() or rounds == 0:
        await asyncio.gather(*(answer(phone, rounds % 3) for phone in others))
        rounds += 1
    statuses = (await flooding)[2]
    assert statuses.count(b"HTTP/1.1 200 OK") <= MOST_OF_VISITOR
    assert {each.split()[1] for each in statuses} == {b"200", b"503"}

    def kept() -> bool:
        numbers = dict(stored(folder, "SELECT number, option FROM room_answer WHERE room = ?", host.id))
        return [numbers[n] for n in range(1, OTHERS + 1)] == [(rounds - 1) % 3] * OTHERS

    await asyncio.to_thread(until, kept, "each acknowledged answer is stored")
    count = stored(folder, "SELECT count(*) FROM room_participant WHERE room = ?", host.id)[0][0]
    assert count == min(OTHERS + 1 + joining, MOST_PARTICIPANTS)
    await lead(host, others, "Freeze", "Reveal")
    again = Phone(server.address)
    again.cookies = {COOKIE: eve.cookies[COOKIE]}
    await again.join(host.code)
    await leave(host, eve, again, *others)


@pytest.mark.takes("a server starts, and a visitor floods it")
@pytest.mark.parametrize(
    ("given", "joining", "open_"),
    [(100, 20, 60), pytest.param(1000, 1000, 500, marks=[pytest.mark.soak, pytest.mark.timeout(900)])],
)
def test_a_participant_who_floods_a_room_stops_nobody(tmp_path: Path, given: int, joining: int, open_: int) -> None:
    with started(tmp_path) as server:
        asyncio.run(flood(server, tmp_path, given, joining, open_))
