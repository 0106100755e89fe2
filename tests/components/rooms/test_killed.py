"""A server that is killed while a question is open: everybody comes back with alias, number and answer."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from harness.host import Host
from harness.phone import Phone
from tests.builders.playing import TITLE, answer, joined, lead, leave, start

pytestmark = pytest.mark.jobs


def who(phone: Phone) -> tuple[str, int]:
    return phone.own["alias"], phone.number


#: Those who answer.
PHONES = 8


@pytest.mark.takes("a server starts, is killed and starts again")
def test_a_room_goes_on_after_kill_9_in_a_question_and_has_lost_no_answer(tmp_path: Path) -> None:
    server = start(tmp_path)

    def kill() -> None:
        """Kill the server and start it again."""
        nonlocal server
        for process in server.family():
            with suppress(psutil.NoSuchProcess):  # it has ended with its server
                process.kill()
        server = start(tmp_path, port=int(server.address.rpartition(":")[2]))
        server.wait_until_healthy()

    async def play() -> None:
        await asyncio.to_thread(server.wait_until_healthy)
        host = Host(server.address)
        await host.open_room(TITLE)
        before = await joined(server.address, host.code, PHONES)
        await lead(host, before, "Begin")
        await asyncio.gather(*(answer(phone, n % 3) for n, phone in enumerate(before)))
        await asyncio.to_thread(kill)
        await leave(host, *before)
        again, phones = Host(server.address), [Phone(server.address) for _ in before]
        again.cookies, again.id = host.cookies, host.id
        await again.lead()
        for phone, old in zip(phones, before, strict=True):
            phone.cookies = dict(old.cookies)
        await asyncio.gather(*(phone.join(host.code) for phone in phones))
        assert [who(phone) for phone in phones] == [who(phone) for phone in before]
        assert [phone.own["answers"]["0"][0] for phone in phones] == [n % 3 for n in range(PHONES)]
        await answer(phones[0], 2)
        await lead(again, phones, "Freeze", "Reveal")
        assert re.findall(r"<span>(\d+) \(", phones[0].html) == ["2", "3", "3"]
        await leave(again, *phones)

    try:
        asyncio.run(play())
    finally:
        server.stop()
