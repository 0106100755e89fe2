"""A room whose phones join while many other connections send nothing, and the health of its server meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection

from harness.client import Client
from harness.host import Host
from harness.phone import Phone
from harness.server import Server

#: Seconds between two checks of the silent connections.
_LOOK_EVERY = 0.5
#: Seconds between two requests for the health.
_ASK_EVERY = 0.05
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
    ours, theirs = Pipe()
    get_context("spawn").Process(target=_probe, args=(server.address, theirs), daemon=True).start()
    await asyncio.to_thread(ours.recv)  # it has begun
    room = [Phone(server.address) for _ in range(phones)]
    began = time.monotonic()
    await _all((_join(phone, host.code, within * n / phones) for n, phone in enumerate(room)), outcome)
    outcome.joined = time.monotonic() - began
    outcome.descriptors["in the room"] = process.num_fds()
    before = max(phone.drawn for phone in room)
    began = time.monotonic()
    await host.advance("Begin")
    await _all((phone.until_drawn(before + 1) for phone in room), outcome)
    outcome.begun = max(phone.drawn_at for phone in room) - began
    ours.send("end")
    outcome.health, failed = await asyncio.to_thread(ours.recv)
    outcome.errors += failed
    keeping.cancel()
    others.close()
    await _all([keeping, host.close(), *(phone.close() for phone in room)], outcome)
    return outcome


def _probe(address: str, pipe: Connection) -> None:
    """Ask for the server's health until told to end or a request fails. Sends the seconds of each answer, and errors.

    It is a process of its own, so that it waits only for the server.
    """
    waits: list[float] = []
    failed: list[str] = []
    pipe.send("begun")
    try:
        while not pipe.poll(_ASK_EVERY):
            waits.append(asyncio.run(healthz(address)))
    except (OSError, RuntimeError) as error:
        failed = [f"/healthz: {error!r}"]
    pipe.send((waits, failed))


async def _join(phone: Phone, code: str, after: float) -> None:
    await asyncio.sleep(after)
    await phone.join(code)


async def _all(work: Iterable[Awaitable[None]], outcome: FullRoom) -> None:
    """Wait for all, and note their errors."""
    results = await asyncio.gather(*work, return_exceptions=True)
    outcome.errors += [repr(each) for each in results if isinstance(each, Exception)]


class Crowd:
    """`count` connections that are kept open. Each sends a text, then nothing, and reads nothing but its end.

    `kinds` has what a connection sends, and the local address that it comes from (empty for any), in turn. One that the
    server closes is opened again.
    """

    def __init__(self, address: str, count: int, kinds: Sequence[tuple[bytes, str]] = ((b"", ""),)) -> None:
        self._address, self._count, self._kinds = address, count, kinds
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

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
        for task in list(self._open):
            task.cancel()

    async def _connect(self, sends: bytes, source: str) -> None:
        host, _, port = self._address.partition(":")
        with suppress(OSError):
            reader, writer = await asyncio.open_connection(host, int(port), local_addr=(source, 0) if source else None)
            writer.write(sends)
            self._open[asyncio.create_task(self._hold(reader))] = writer

    async def _hold(self, reader: asyncio.StreamReader) -> None:
        """Wait for the end of a connection."""
        task = asyncio.current_task()
        assert task
        try:
            with suppress(OSError):
                while await reader.read(2**16):
                    pass
        finally:
            self._open.pop(task).close()
