"""A class whose server cannot save for a while: phones send their answers again, and count when they are stored."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from backend.database.database import FILE
from harness.host import Host
from harness.phone import Phone
from harness.tab import PATIENCE, Tab
from tests.components.rooms.playing import TITLE, answer, joined, lead, leave, started, stored

pytestmark = pytest.mark.jobs

PHONES, TOLD = 20, 5
#: How often each phone tries again while the database is locked.
TRIES = 5


async def says(tab: Tab, words: str) -> bool:
    return await tab.until(lambda: any(words in text for text in tab.texts), PATIENCE)


async def play(address: str, folder: Path) -> None:
    host, board = Host(address), Tab(address)
    await host.open_room(TITLE)
    board.cookies = dict(host.cookies)
    await board.open("room", f"board={host.id}")
    phones = await joined(address, host.code, PHONES)
    await lead(host, phones, "Begin")
    await asyncio.gather(*(answer(phone, 0) for phone in phones[:TOLD]))

    def answers() -> dict[int, int]:
        return dict(stored(folder, "SELECT number, option FROM room_answer"))  # type: ignore[arg-type]

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


@pytest.mark.takes("a server starts, and its database is locked for seconds")
def test_a_class_loses_nothing_while_the_database_is_locked(tmp_path: Path) -> None:
    with started(tmp_path) as server:
        asyncio.run(play(server.address, tmp_path))
