"""A room whose phones join while many other connections send nothing, and the health of its server meanwhile."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle

from harness.client import Broken, Client
from harness.host import Host
from harness.local import ROOT
from harness.phone import Phone
from harness.server import Server

#: Seconds between two checks of the silent connections.
_LOOK_EVERY = 0.5
#: How many silent connections are opened at the same time.
_AT_ONCE = 50


@dataclass
class FullRoom:
    """What happened: the errors, times in seconds, and in `descriptors` how many files the server had open.

    `health` has the time of each answer of `/healthz`.
    """

    errors: list[str] = field(default_factory=list)
    health: list[float] = field(default_factory=list)
    joined: float = 0.0  # until the last phone was in the room
    begun: float = 0.0  # from the host's press until the last phone showed it
    descriptors: dict[str, int] = field(default_factory=dict)


async def healthz(address: str, source: str = "", forwarded: str = "") -> float:
    """Seconds until `/healthz` responds. Raises RuntimeError if the status is not 200.

    The request comes from the local address `source`, or from a proxy that forwards it for the address `forwarded`.

    Raises OSError if the server cannot be reached, and TimeoutError if it does not respond.
    """
    begun = time.monotonic()
    headers = [f"X-Forwarded-For: {forwarded}"] if forwarded else []
    status, answer = await Client(address, source=source).request("GET /healthz", *headers)
    if status != 200:
        raise RuntimeError(f"/healthz answered {status}: {answer[:100]!r}")
    return time.monotonic() - begun


async def full_room(server: Server, lesson: str, phones: int, silent: int, within: float = 0.0) -> FullRoom:
    """Open a room, let `phones` phones join in `within` seconds, begin the lesson, and close all connections.

    Meanwhile `silent` connections send nothing. The server may close them; then they are opened again. Raises Broken if
    the host cannot open the room or begin the lesson.
    """
    outcome, host = FullRoom(), Host(server.address)
    process = server.family()[0]
    await host.open_room(lesson)
    outcome.descriptors["before"] = process.num_fds()
    others = Crowd(server.address, silent)
    keeping = asyncio.create_task(others.keep())
    await asyncio.sleep(_LOOK_EVERY)
    probe = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "harness.health_probe", server.address, stdin=PIPE, stdout=PIPE, cwd=ROOT
    )
    assert probe.stdout
    await probe.stdout.readline()  # it has begun
    room = [Phone(server.address) for _ in range(phones)]
    began = time.monotonic()
    await asyncio.gather(*(_join(phone, host.code, within * n / phones, outcome) for n, phone in enumerate(room)))
    outcome.joined = time.monotonic() - began
    outcome.descriptors["in the room"] = process.num_fds()
    before = max(phone.drawn for phone in room)
    began = time.monotonic()
    await host.advance("Begin")
    await asyncio.gather(*(_draw(phone, before + 1, outcome) for phone in room))
    outcome.begun = max(phone.drawn_at for phone in room) - began
    report = json.loads((await probe.communicate(b""))[0])
    outcome.health = report["waits"]
    if report["failed"]:
        outcome.errors.append(f"/healthz: {report['failed']}")
    keeping.cancel()
    others.close()
    for result in await asyncio.gather(keeping, return_exceptions=True):
        if isinstance(result, Exception):
            outcome.errors.append(f"silent connections: {result!r}")
    await asyncio.gather(host.close(), *(phone.close() for phone in room))
    return outcome


async def _join(phone: Phone, code: str, after: float, outcome: FullRoom) -> None:
    await asyncio.sleep(after)
    try:
        await phone.join(code)
    except (Broken, OSError, TimeoutError, ValueError, KeyError) as error:  # the last two: a strange response
        outcome.errors.append(f"a phone did not join: {error!r}")


async def _draw(phone: Phone, version: int, outcome: FullRoom) -> None:
    try:
        await phone.until_drawn(version)
    except (Broken, OSError, TimeoutError) as error:
        outcome.errors.append(f"a phone did not follow: {error!r}")


class Crowd:
    """`count` connections that are kept open. Each sends a text, then nothing, and reads nothing but its end.

    `kinds` has what a connection sends, and the local address that it comes from (empty for any), in turn. One that the
    server closes is opened again.
    """

    def __init__(self, address: str, count: int, kinds: Sequence[tuple[bytes, str]] = ((b"", ""),)) -> None:
        self._address, self._count, self._kinds = address, count, kinds
        self._open: set[asyncio.BaseTransport] = set()

    @property
    def alive(self) -> int:
        """How many of them are open."""
        return len(self._open)

    async def keep(self) -> None:
        """Keep them open until this is cancelled. `close` closes them."""
        kinds = cycle(self._kinds)
        while True:
            for _ in range(0, self._count - self.alive, _AT_ONCE):
                some = min(_AT_ONCE, self._count - self.alive)
                await asyncio.gather(*(self._connect(*next(kinds)) for _ in range(some)))
            await asyncio.sleep(_LOOK_EVERY)

    def close(self) -> None:
        """Close all."""
        for each in list(self._open):
            each.close()

    async def _connect(self, sends: bytes, source: str) -> None:
        host, _, port = self._address.partition(":")
        loop, local = asyncio.get_running_loop(), (source, 0) if source else None
        with suppress(OSError):
            await loop.create_connection(lambda: _Silent(self._open, sends), host, int(port), local_addr=local)


class _Silent(asyncio.Protocol):
    """A connection that sends something once. It is in `open_` until it ends."""

    def __init__(self, open_: set[asyncio.BaseTransport], sends: bytes) -> None:
        self._open, self._sends = open_, sends

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self._open.add(transport)
        transport.write(self._sends)

    def connection_lost(self, _: Exception | None) -> None:
        self._open.discard(self._transport)
