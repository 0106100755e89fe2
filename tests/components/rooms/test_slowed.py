"""Whoever has typed many wrong codes waits and then joins, by a server as it runs; nobody else waits meanwhile."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from backend.rooms.lookups import OF_VISITOR
from backend.rooms.tokens import ALPHABET, invitation
from harness.host import Host
from harness.phone import Phone
from tests.components.rooms.playing import TITLE, joined, leave, started, stored

pytestmark = pytest.mark.jobs
SLOWED = "codes are tried more slowly now"


async def tried(eve: Phone, code: str) -> str:
    """What the server says to that code, which is wrong."""
    status, told = await eve.post("/rooms/join", {"code": code})
    assert status in (409, 429)
    return str(told["refused"])


async def play(address: str, folder: Path) -> None:
    host = Host(address)
    await host.open_room(TITLE)
    secret = stored(folder, "SELECT secret FROM room WHERE id = ?", host.id)[0][0]
    late = Phone(address)
    await late.get("/join")
    for sign in ALPHABET[: OF_VISITOR.free // 2]:
        assert "There is no room with this code." in await tried(late, f"AAAAA{sign}")
    codes = (f"AAAA{first}{second}" for first in ALPHABET[1:] for second in ALPHABET)
    while SLOWED not in await tried(late, next(codes)):  # on a slow machine some are forgiven meanwhile
        pass
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


@pytest.mark.takes("a server starts, and a visitor waits for up to 6 s")
def test_a_right_code_after_many_wrong_ones_joins_later_without_a_press(tmp_path: Path) -> None:
    with started(tmp_path) as server:
        asyncio.run(play(server.address, tmp_path))
