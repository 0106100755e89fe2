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
from tests.components.rooms.playing import (
    TITLE,
    answer,
    joined,
    lead,
    leave,
    send_again,
    started,
    stored,
    waits,
)

pytestmark = pytest.mark.jobs

PHONES, TOLD = 20, 5
#: How often each phone tries again while the database is locked.
TRIES = 5


async def choose(phone: Phone, option: int) -> None:
    await phone.choose("room.answer.", phone.options("room.answer.")[option])


def sent(phone: Phone) -> bool:
    return any("Sent." in text for text in phone.texts)


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
        await asyncio.gather(*(choose(phone, 1) for phone in phones))
        await choose(phones[0], 2)
        for _ in range(TRIES):
            assert all(map(waits, phones))
            assert not any(map(sent, phones))
            await asyncio.gather(*map(send_again, phones))
        assert answers() == told
        assert await says(board, f"{TOLD} of {PHONES} answered")
        assert await says(host, "answers cannot be saved now")
        reloaded = Phone(address)
        reloaded.cookies = dict(phones[0].cookies)
        await reloaded.join(host.code)
        assert waits(reloaded)
        assert reloaded.chosen_option("room.answer.") == reloaded.options("room.answer.")[2]
        other.execute("COMMIT")
    async with asyncio.timeout(PATIENCE):
        while any(map(waits, phones)):
            await asyncio.gather(*(send_again(phone) for phone in phones if waits(phone)))
    assert all(map(sent, phones))
    assert answers() == {phone.number: 1 for phone in phones} | {phones[0].number: 2}
    assert await says(board, f"{PHONES} of {PHONES} answered")
    await lead(host, phones, "Freeze", "Reveal")
    assert [option["rounds"] for option in phones[0].data("room_votes")["options"]] == [[0], [PHONES - 1], [1]]
    await leave(host, reloaded, *phones)
    await board.close()


@pytest.mark.takes("a server with a worker starts, and its database is locked for seconds")
def test_a_class_loses_nothing_while_the_database_is_locked(tmp_path: Path) -> None:
    with started(tmp_path) as server:
        asyncio.run(play(server.address, tmp_path))
