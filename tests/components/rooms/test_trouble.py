"""A room whose participants flood it, try wrong codes, or whose server cannot save: the others notice nothing of it.

All on one server, as it runs.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from backend.database.database import FILE
from backend.rooms.lookups import OF_VISITOR
from backend.rooms.model import MOST_PARTICIPANTS
from backend.rooms.tokens import ALPHABET, invitation
from backend.web.cookie import COOKIE
from backend.web.streams import MOST_OF_VISITOR
from harness.host import Host
from harness.local import until
from harness.phone import Phone
from harness.server import Server
from harness.tab import PATIENCE, Broken, Tab
from tests.builders.playing import TITLE, answer, joined, lead, leave, started, stored

pytestmark = pytest.mark.jobs

OTHERS = 5
SLOWED = "codes are tried more slowly now"
#: Those whose answers are not stored, and how many have answered before.
PHONES, TOLD = 8, 3
#: How often each phone tries again while the database is locked.
TRIES = 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("room")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with started(folder) as running:
        yield running


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
def test_a_participant_who_floods_a_room_stops_nobody(server: Server, folder: Path) -> None:
    asyncio.run(flood(server, folder, given=100, joining=20, open_=60))


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.takes("1,000 answers, 1,000 visitors and 500 streams")
def test_a_participant_who_floods_a_room_for_long_stops_nobody(server: Server, folder: Path) -> None:
    asyncio.run(flood(server, folder, given=1000, joining=1000, open_=500))


async def says(tab: Tab, words: str) -> bool:
    return await tab.until(lambda: any(words in text for text in tab.texts), PATIENCE)


async def answer_while_locked(address: str, folder: Path) -> None:
    host, board = Host(address), Tab(address)
    await host.open_room(TITLE)
    board.cookies = dict(host.cookies)
    await board.open("room", f"board={host.id}")
    phones = await joined(address, host.code, PHONES)
    await lead(host, phones, "Begin")
    await asyncio.gather(*(answer(phone, 0) for phone in phones[:TOLD]))

    def answers() -> dict[int, int]:
        return dict(stored(folder, "SELECT number, option FROM room_answer WHERE room = ?", host.id))  # type: ignore[arg-type]

    told = {phone.number: 0 for phone in phones[:TOLD]}
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for _ in range(TRIES):
            assert not any(await asyncio.gather(*(phone.answer(1) for phone in phones)))
        assert not await phones[0].answer(2)
        assert answers() == told
        assert await says(board, f"{TOLD} of {PHONES} answered")
        assert await says(host, "answers cannot be saved now")
        reloaded = Phone(address)
        reloaded.cookies = dict(phones[0].cookies)
        await reloaded.join(host.code)
        assert reloaded.own["answers"] == {"0": [0, None]}, "what is stored"
        other.execute("COMMIT")
    await asyncio.gather(answer(phones[0], 2), *(answer(phone, 1) for phone in phones[1:]))
    assert answers() == {phone.number: 1 for phone in phones} | {phones[0].number: 2}
    assert await says(board, f"{PHONES} of {PHONES} answered")
    await lead(host, phones, "Freeze", "Reveal")
    assert [option["rounds"] for option in phones[0].picture("votes")["options"]] == [[0], [PHONES - 1], [1]]
    await leave(host, reloaded, *phones)
    await board.close()


@pytest.mark.takes("a server's database is locked for seconds")
def test_a_class_loses_nothing_while_the_database_is_locked(server: Server, folder: Path) -> None:
    asyncio.run(answer_while_locked(server.address, folder))


async def tried(eve: Phone, code: str) -> tuple[str, float]:
    """What the server says to that code, which is wrong, and in how many seconds it answers again."""
    status, told = await eve.post("/rooms/join", {"code": code})
    assert status in (409, 429)
    return str(told["refused"]), float(told.get("again", 0))


async def join_late(address: str, folder: Path) -> None:
    host = Host(address)
    await host.open_room(TITLE)
    secret = stored(folder, "SELECT secret FROM room WHERE id = ?", host.id)[0][0]
    late = Phone(address)
    await late.get("/join")
    for sign in ALPHABET[: OF_VISITOR.free // 2]:
        assert "There is no room with this code." in (await tried(late, f"AAAAA{sign}"))[0]
    codes = (f"AAAA{first}{second}" for first in ALPHABET[1:] for second in ALPHABET)
    said, again = "", 0.0
    while SLOWED not in said or again < 5:  # on a slow machine some are forgiven meanwhile
        said, again = await tried(late, next(codes))
    joining = asyncio.create_task(late.join(host.code))
    others = await joined(address, host.code, 3)
    assert not any(phone.refusal for phone in others)
    scanned = Phone(address)
    scanned.cookies = dict(late.cookies)
    await scanned.join(host.code, invite=invitation(secret, host.code))
    assert not scanned.refusal
    await joining
    assert SLOWED in late.refusal
    assert {phone.number for phone in (late, *others)} == {1, 2, 3, 4}
    assert scanned.number == late.number
    await leave(host, late, scanned, *others)


@pytest.mark.takes("a visitor waits for up to 6 s")
def test_a_right_code_after_many_wrong_ones_joins_later_without_a_press(server: Server, folder: Path) -> None:
    """Nobody else waits meanwhile."""
    asyncio.run(join_late(server.address, folder))
