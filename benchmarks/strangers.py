"""How strangers slow down a server (`make flood`), or fill a room.

They open silent connections, request unknown rooms, send slow bodies, large heads and files of blank lines, and join a
room again and again.
"""

from __future__ import annotations

import asyncio
import gzip
import secrets
import statistics
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import psutil  # type: ignore[import-untyped]

from backend.experiment.sources import OWN
from benchmarks.bystander import Waits, bystand
from harness.client import Broken
from harness.full_room import Crowd, full_room, healthz
from harness.host import Host
from harness.phone import Phone
from harness.server import Server
from harness.tab import Tab

#: The server's limit of open files (many systems' default), the phones of its room, the silent connections, and the
#: seconds within which the phones join.
LIMIT, PHONES, SILENT, JOIN_WITHIN = 1024, 200, 900, 20.0
LESSON = "What does a total loss tell you?"
#: How many connections request unknown rooms at the same time, and for how many seconds.
ASKING, ASKED_FOR = 40, 8.0
#: How many connections send a part of a body, for how many seconds others ask beside them, and how many seconds later
#: none of them may be left.
SLOW, SLOW_FOR, ENDED_WITHIN = 900, 25.0, 15.0
#: Addresses of the hostile visitors, and of another one.
HOSTILE, OTHER = ("127.0.0.2", "127.0.0.3"), "127.0.0.4"
#: How many send a large head at the same time.
LARGE_AT_ONCE = 3
#: How many tabs open how many files each, and the blank lines of a file: a file has at most 1,000,000 bytes.
TABS, FILES, BLANK = 5, 6, 999_000
#: How many join from one address, how many of them at a time, and how many honest phones of another address join.
JOINS, JOINING, HONEST = 1_100, 20, 5

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


async def slow_bodies(server: Server, hostile: Sequence[str], other: str, proxy: bool = False) -> Figures:
    """Connections send a head and one byte of the body, and are opened again when they are closed.

    They come from the addresses `hostile`, and the other visitor has the address `other`. With `proxy`, all requests
    come from this machine, and a header has the address.
    """

    def request(address: str) -> bytes:
        more = f"X-Forwarded-For: {address}\r\n" if proxy else ""
        origin = f"Host: {server.address}\r\nOrigin: http://{server.address}\r\n{more}"
        return f"POST /rooms/join HTTP/1.1\r\n{origin}{_JSON}Content-Length: 30\r\n\r\n{{".encode()

    crowd = Crowd(server.address, SLOW, [(request(each), "" if proxy else each) for each in hostile])
    keeping = asyncio.create_task(crowd.keep())
    await asyncio.sleep(ASKED_FOR)
    waits, refused = [], 0
    end = time.monotonic() + SLOW_FOR
    while time.monotonic() < end:
        try:
            waits.append(await (healthz(server.address, forwarded=other) if proxy else healthz(server.address, other)))
        except (OSError, RuntimeError):
            refused += 1
        await asyncio.sleep(0.05)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    held = crowd.alive
    await asyncio.sleep(ENDED_WITHIN)
    left = crowd.alive
    crowd.close()
    return {
        "requests of the other visitor": len(waits) + refused,
        "of them refused": refused,
        "/healthz, worst (s)": max(waits, default=0.0),
        "slow connections at the end": held,
        f"of them left {ENDED_WITHIN:.0f} s later": left,
    }


_JSON = "Content-Type: application/json\r\n"


async def large_heads(server: Server) -> Figures:
    """Some send a header of 20 MB at the same time, and then some 10 MB of short header lines."""
    process = server.family()[0]
    figures: Figures = {}
    worst = 0.0
    for name, header in (("20 MB header", b"X: " + b"x" * 20_000_000), ("10 MB of lines", b"a:b\r\n" * 2_000_000)):
        memory, processor = _megabytes(process), sum(process.cpu_times()[:2])
        largest, statuses = memory, []
        sending = [asyncio.create_task(_send_head(server.address, header)) for _ in range(LARGE_AT_ONCE)]
        while not all(each.done() for each in sending):
            worst = max(worst, await healthz(server.address))
            largest = max(largest, _megabytes(process))
            await asyncio.sleep(0.02)
        statuses = [each.result() for each in sending]
        figures |= {
            f"{name}: not refused with 431": sum(status != 431 for status in statuses),
            f"{name}: memory (MB)": largest - memory,
            f"{name}: processor time (s)": sum(process.cpu_times()[:2]) - processor,
        }
    return figures | {"/healthz, worst (s)": worst}


async def _send_head(address: str, header: bytes) -> int:
    """Send a request with that header. Returns the status of the answer; 0 if there is none."""
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET /healthz HTTP/1.1\r\nHost: {address}\r\n".encode() + header + b"\r\n\r\n")
    try:
        with suppress(ConnectionError):
            await writer.drain()
        return int((await reader.readuntil(b"\r\n")).split()[1])
    except (asyncio.IncompleteReadError, ConnectionError):
        return 0
    finally:
        writer.close()


async def blank_lines(server: Server, tabs: int = TABS, files: int = FILES) -> Figures:
    """Tabs of one address open CSV files that are blank lines after the first one, each a new file."""
    crowd, other = [Tab(server.address, source=HOSTILE[0]) for _ in range(tabs)], Tab(server.address)
    await other.open("train")
    for tab in crowd:
        await tab.open("train")
        await tab.expand("section.Sequences")
        await tab.choose("data", OWN.title)
    waits = Waits()
    opening = asyncio.gather(*(_open_blank(tab, n * files, files) for n, tab in enumerate(crowd)))
    await bystand(server.address, other, waits, opening.done)
    refused = sum(await opening)
    await asyncio.gather(*(tab.close() for tab in (*crowd, other)))
    return {
        "files that were not refused": tabs * files - refused,
        "/healthz, worst (s)": max(waits.health),
        "another visitor's change, worst (s)": max(waits.changes),
    }


async def _open_blank(tab: Tab, first: int, files: int) -> int:
    """Open that many files, with the numbers from `first` on. Returns how many were refused."""
    refused = 0
    for number in range(first, first + files):
        file = b64encode(gzip.compress(f"column {number}".encode() + b"\n" * BLANK + b"1")).decode()
        tab.alerts.clear()
        await tab.trigger("csv_file", "packed", file)
        refused += any("lines" in alert for alert in tab.alerts)
    return refused


async def joins(server: Server, count: int = JOINS) -> Figures:
    """Many join a room from one address, and the host removes all who have not answered with one press.

    A phone of the same address has answered. Honest phones of another address join beside them and answer.
    """
    host, answering = Host(server.address), Phone(server.address, source=HOSTILE[0])
    await host.open_room(LESSON)
    await host.advance("Begin")
    await _join_and_answer(answering, host.code)
    honest = [Phone(server.address, source=OTHER) for _ in range(HONEST)]
    gate, waits, begun = asyncio.Semaphore(JOINING), [], time.monotonic()
    joining = asyncio.gather(*(_join_once(server.address, host.code, gate) for _ in range(count)))
    together = asyncio.gather(*(_join_and_answer(phone, host.code) for phone in honest))
    while not joining.done():
        waits.append(await healthz(server.address))
        await asyncio.sleep(0.05)
    (joined, took), _ = (sum(await joining), time.monotonic() - begun), await together
    await host.expand("room.more")
    await host.advance("Remove all who have not answered")
    await host.until(lambda: any(" removed from the room" in text for text in host.texts), SLOW_FOR)
    removed = next((text for text in host.texts if " removed from the room" in text), "")
    stay = [await _is_taken(phone) for phone in (answering, *honest)]
    await asyncio.gather(host.close(), *(phone.close() for phone in (answering, *honest)))
    return {
        "joined from one address": joined,
        "until they had joined (s)": took,
        "of them left after one press": joined - int("".join(filter(str.isdigit, removed)) or 0),
        "honest phones that were removed": stay.count(False),
        "/healthz, worst (s)": max(waits),
    }


async def _join_and_answer(phone: Phone, code: str) -> None:
    await phone.join(code)
    await phone.until(lambda: phone.page.get("question"))
    await phone.answer(0)


async def _join_once(address: str, code: str, gate: asyncio.Semaphore) -> bool:
    """Join as a new visitor who then follows nothing. Returns whether the room took them."""
    async with gate:
        phone = Phone(address, source=HOSTILE[0])
        while True:
            status, told = await phone.post("/rooms/join", {"code": code})
            if status == 200 or "again" not in told:
                return status == 200
            await asyncio.sleep(told["again"])


async def _is_taken(phone: Phone) -> bool:
    """Whether the room takes an answer of this phone."""
    try:
        await phone.until(lambda: phone.page.get("question"))
        return await phone.answer(1)
    except Broken:
        return False


def _megabytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 2**20


@dataclass(frozen=True)
class Strangers:
    """What is measured, and the most that each of these figures may be."""

    measure: Callable[[Server], Awaitable[Figures]]
    bounds: Figures


_NONE_REFUSED = {"of them refused": 0, f"of them left {ENDED_WITHIN:.0f} s later": 0, "/healthz, worst (s)": 1.0}
STRANGERS = {
    "silent": Strangers(silent, {"errors": 0, "/healthz, worst (s)": 1.0, "descriptors after all have left": 100}),
    "unknown": Strangers(unknown, {"/healthz, 95th percentile (s)": 0.3}),
    # The other visitor has the address of the hostile one, another address, and another address behind a proxy.
    "slow_bodies": Strangers(partial(slow_bodies, hostile=HOSTILE[:1], other=HOSTILE[0]), _NONE_REFUSED),
    "slow_bodies_two": Strangers(partial(slow_bodies, hostile=HOSTILE, other=OTHER), _NONE_REFUSED),
    "slow_bodies_proxy": Strangers(partial(slow_bodies, hostile=HOSTILE, other=OTHER, proxy=True), _NONE_REFUSED),
    "large_heads": Strangers(
        large_heads,
        {
            f"{name}: {what}": most
            for name in ("20 MB header", "10 MB of lines")
            for what, most in (("not refused with 431", 0), ("memory (MB)", 20.0), ("processor time (s)", 0.5))
        },
    ),
    "blank_lines": Strangers(
        blank_lines,
        {"files that were not refused": 0, "/healthz, worst (s)": 2.0, "another visitor's change, worst (s)": 2.0},
    ),
    "joins": Strangers(
        joins, {"of them left after one press": 0, "honest phones that were removed": 0, "/healthz, worst (s)": 1.0}
    ),
}
