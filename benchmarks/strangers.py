"""How strangers slow down a server: silent connections, and requests for rooms that do not exist (`make flood`)."""

from __future__ import annotations

import asyncio
import secrets
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from harness.full_room import full_room, healthz
from harness.server import Server

#: The server's limit of open files (many systems' default), the phones of its room, the silent connections, and the
#: seconds within which the phones join.
LIMIT, PHONES, SILENT, JOIN_WITHIN = 1024, 200, 900, 20.0
LESSON = "Where did the factor of two come from?"
#: How many connections request unknown rooms at the same time, and for how many seconds.
ASKING, ASKED_FOR = 40, 8.0

Figures = dict[str, float]


async def silent(server: Server) -> Figures:
    """The phones of a full room join beside connections that send nothing, and then all leave."""
    process = server.family()[0]
    found = await full_room(server, LESSON, PHONES, SILENT, JOIN_WITHIN)
    for error in found.errors[:5]:
        print(f"  {error}")
    await asyncio.sleep(2)
    return {
        "errors": len(found.errors),
        "/healthz, worst (s)": max(found.health),
        "/healthz, 95th percentile (s)": statistics.quantiles(found.health, n=20)[-1],
        "from the first to the last phone (s)": found.joined,
        "from Begin to the last phone (s)": found.begun,
        "descriptors before": found.descriptors["before"],
        "descriptors with the room": found.descriptors["in the room"],
        "descriptors after all have left": process.num_fds(),
    }


async def unknown(server: Server) -> Figures:
    """Connections request rooms that do not exist, each a new one, without a pause."""
    alone, beside = [await healthz(server.address) for _ in range(20)], []
    end = time.monotonic() + ASKED_FOR
    asking = [asyncio.create_task(_ask(server.address, end)) for _ in range(ASKING)]
    while time.monotonic() < end:
        beside.append(await healthz(server.address))
        await asyncio.sleep(0.05)
    answered = await asyncio.gather(*asking)
    return {
        "requests answered": sum(answered),
        "/healthz before, 95th percentile (s)": statistics.quantiles(alone, n=20)[-1],
        "/healthz, 95th percentile (s)": statistics.quantiles(beside, n=20)[-1],
        "/healthz, worst (s)": max(beside),
    }


async def _ask(address: str, end: float) -> int:
    """Request unknown rooms until `end`. Returns the number of answers. Raises AssertionError if one is not a 404."""
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    answers = 0
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while time.monotonic() < end:
            writer.write(
                f"GET /rooms/{secrets.token_urlsafe(12)}/versions HTTP/1.1\r\nHost: {address}\r\n\r\n".encode()
            )
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            assert " 404 " in head, head
            await reader.readexactly(int(head.partition("content-length: ")[2].partition("\r\n")[0]))
            answers += 1
    writer.close()
    return answers


@dataclass(frozen=True)
class Strangers:
    """What is measured, and the most that each of these figures may be."""

    measure: Callable[[Server], Awaitable[Figures]]
    bounds: Figures


STRANGERS = {
    "silent": Strangers(silent, {"errors": 0, "/healthz, worst (s)": 1.0, "descriptors after all have left": 100}),
    "unknown": Strangers(unknown, {"/healthz, 95th percentile (s)": 0.3}),
}
