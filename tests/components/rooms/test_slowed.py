"""Whoever has typed many wrong codes waits and then joins, by a server as it runs; nobody else waits meanwhile."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from backend.rooms.lookups import OF_VISITOR
from backend.rooms.tokens import ALPHABET, invitation
from harness.host import Host
from harness.phone import Phone
from harness.tab import Tab
from tests.components.rooms.playing import TITLE, joined, leave, started, stored

pytestmark = pytest.mark.jobs
SLOWED = "codes are tried more slowly now"


def says(tab: Tab, words: str) -> bool:
    return any(words in text for text in [*tab.texts, *tab.alerts])


async def play(address: str, folder: Path) -> None:
    host = Host(address)
    await host.open_room(TITLE)
    secret = stored(folder, "SELECT secret FROM room WHERE id = ?", host.id)[0][0]
    eve = Tab(address)
    for sign in ALPHABET[: OF_VISITOR.free // 2]:
        await eve.open("room", f"code=AAAAA{sign}")
        assert says(eve, "There is no room with this code."), eve.texts
    codes = (f"AAAA{first}{second}" for first in ALPHABET[1:] for second in ALPHABET)
    while not says(eve, SLOWED):  # on a slow machine some are forgiven meanwhile
        await eve.open("room", f"code={next(codes)}")
    await eve.close()
    late = Phone(address)
    late.cookies = eve.cookies
    joining = asyncio.create_task(late.join(host.code))
    others = await joined(address, host.code, 3, 1)
    assert not any(says(phone, SLOWED) for phone in others)
    scanned = Tab(address)
    scanned.cookies = eve.cookies
    await scanned.open("room", f"code={host.code}&invite={invitation(secret, host.code)}")
    assert says(scanned, "You are in."), scanned.texts
    await joining
    assert says(late, "You are in.")
    assert says(late, SLOWED), "before that"
    assert {phone.number for phone in (late, *others)} == {1, 2, 3, 4}
    await leave(host, late, *others)
    await scanned.close()


@pytest.mark.takes("a server with a worker starts, and a visitor waits for up to 6 s")
def test_a_right_code_after_many_wrong_ones_joins_later_without_a_press(tmp_path: Path) -> None:
    with started(tmp_path) as server:
        asyncio.run(play(server.address, tmp_path))
