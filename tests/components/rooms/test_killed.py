"""A server that is killed while one room is in the lobby and another in a question.

Everybody comes back with alias, number and answer.
"""

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
from tests.builders.playing import TITLE, answer, joined, lead, leave, start, stored

pytestmark = pytest.mark.jobs

#: Those who answer, and those in the lobby.
PHONES, WAITING = 8, 3


def who(phone: Phone) -> tuple[str, int]:
    return phone.own["alias"], phone.number


@pytest.mark.takes("a server starts, is killed and starts again")
def test_a_room_goes_on_after_kill_9_in_the_lobby_and_in_a_question_and_has_lost_no_answer(tmp_path: Path) -> None:
    server = start(tmp_path)

    def answers() -> list[tuple[int, int]]:
        return stored(tmp_path, "SELECT number, option FROM room_answer ORDER BY number")  # type: ignore[return-value]

    async def kill(*everybody: Host | Phone) -> None:
        """Kill the server and start it again."""
        nonlocal server
        for process in server.family():
            with suppress(psutil.NoSuchProcess):  # it has ended with its server
                process.kill()
        await leave(*everybody)
        server = start(tmp_path, port=int(server.address.rpartition(":")[2]))
        await asyncio.to_thread(server.wait_until_healthy)

    async def come_back(host: Host, phones: list[Phone]) -> tuple[Host, list[Phone]]:
        again = Host(server.address)
        again.cookies, again.id = host.cookies, host.id
        await again.lead()
        assert again.code == host.code
        back = [Phone(server.address) for _ in phones]
        for phone, old in zip(back, phones, strict=True):
            phone.cookies = dict(old.cookies)
        await asyncio.gather(*(phone.join(host.code) for phone in back))
        assert [who(phone) for phone in back] == [who(old) for old in phones]
        return again, back

    async def go_on(host: Host, phones: list[Phone]) -> None:
        for n, phone in enumerate(phones):
            assert phone.own["answers"]["0"][0] == n % 3
        await answer(phones[0], 2)
        assert await host.until(
            lambda: any(f"**{PHONES} of {PHONES}** answered" in each for each in host.texts), PATIENCE
        )
        await lead(host, phones, "Freeze", "Reveal")
        votes = phones[0].picture("votes")
        assert votes["totals"] == [PHONES]
        assert [option["rounds"] for option in votes["options"]] == [[2], [3], [3]]
        await leave(host, *phones)

    async def play() -> None:
        try:
            await asyncio.to_thread(server.wait_until_healthy)
            rooms = []
            for count in (WAITING, PHONES):
                host = Host(server.address)
                await host.open_room(TITLE)
                rooms.append((host, await joined(server.address, host.code, count)))
            (lobby, waiting), (host, phones) = rooms
            await lead(host, phones, "Begin")
            await asyncio.gather(*(answer(phone, n % 3) for n, phone in enumerate(phones)))
            await asyncio.to_thread(until, lambda: len(answers()) == PHONES)
            await kill(lobby, *waiting, host, *phones)
            lobby, waiting = await come_back(lobby, waiting)
            assert await lobby.until(lambda: any(f"{WAITING} here" in text for text in lobby.texts), PATIENCE)
            await lead(lobby, waiting, "Begin")
            await leave(lobby, *waiting)
            host, phones = await come_back(host, phones)
            assert len(answers()) == PHONES
            async with asyncio.timeout(2 * PATIENCE):
                await go_on(host, phones)
        finally:
            await asyncio.to_thread(server.stop)

    asyncio.run(play())
