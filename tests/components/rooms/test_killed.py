"""A server that is killed in mid-question: every phone comes back with its alias, its number and its answer."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from harness.host import Host
from harness.local import until
from harness.phone import Phone
from harness.tab import PATIENCE
from tests.components.rooms.playing import TITLE, answer, joined, lead, leave, start, stored

pytestmark = pytest.mark.jobs

PHONES = 20


def who(phone: Phone) -> str:
    """The line with the alias and the number."""
    (line,) = (text for text in phone.texts if text.startswith("You are **"))
    return line


@pytest.mark.takes("a server starts, is killed and starts again")
def test_a_room_goes_on_after_kill_9_and_has_lost_no_answer(tmp_path: Path) -> None:
    server = start(tmp_path)
    host = Host(server.address)

    def answers() -> list[tuple[int, int]]:
        return stored(tmp_path, "SELECT number, option FROM room_answer ORDER BY number")  # type: ignore[return-value]

    async def ask() -> list[Phone]:
        await host.open_room(TITLE)
        phones = await joined(server.address, host.code, PHONES)
        await lead(host, phones, "Begin")
        await asyncio.gather(*(answer(phone, n % 3) for n, phone in enumerate(phones)))
        await asyncio.to_thread(until, lambda: len(answers()) == PHONES)
        for process in server.family():
            with suppress(psutil.NoSuchProcess):  # it has ended with its server
                process.kill()
        return phones

    async def go_on(before: list[Phone]) -> None:
        again = Host(server.address)
        again.cookies, again.id = host.cookies, host.id
        await again.lead()
        assert again.code == host.code
        phones = [Phone(server.address, seed=n) for n in range(PHONES)]
        for phone, old in zip(phones, before, strict=True):
            phone.cookies = dict(old.cookies)
        await asyncio.gather(*(phone.join(host.code) for phone in phones))
        assert [who(phone) for phone in phones] == [who(old) for old in before]
        for n, phone in enumerate(phones):
            assert phone.chosen_option("room.answer.") == phone.options("room.answer.")[n % 3]
            assert any("Sent." in text for text in phone.texts)
        await answer(phones[0], 2)
        assert await again.until(
            lambda: any(f"**{PHONES} of {PHONES}** answered" in each for each in again.texts), PATIENCE
        )
        await lead(again, phones, "Freeze", "Reveal")
        votes = phones[0].data("room_votes")
        assert votes["totals"] == [PHONES]
        assert [option["rounds"] for option in votes["options"]] == [[6], [7], [7]]
        await leave(again, *phones)

    async def lost(phones: list[Phone]) -> None:
        for tab in (host, *phones):
            await tab.close()

    async def both() -> None:
        nonlocal server
        try:
            await asyncio.to_thread(server.wait_until_healthy)
            before = await ask()
            await lost(before)
            assert len(answers()) == PHONES
            server = start(tmp_path, port=int(server.address.rpartition(":")[2]))
            await asyncio.to_thread(server.wait_until_healthy)
            async with asyncio.timeout(2 * PATIENCE):
                await go_on(before)
        finally:
            await asyncio.to_thread(server.stop)

    asyncio.run(both())
