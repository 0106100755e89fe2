"""Rooms on the app's whole server: no log line has a token, and open streams do not delay its end."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from backend.web.cookie import COOKIE
from harness.host import Host
from harness.phone import Phone
from harness.server import Server
from harness.warm import healthy
from tests.backend.web.serve import get

pytestmark = pytest.mark.jobs

STREAMS = 50


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with healthy(Server(tmp_path / "log", workers=0, environment={"TWOHEADS_STATE_DIR": str(tmp_path)})) as running:
        yield running


def opened(server: Server) -> Host:
    """A room that its host leads."""
    host = Host(server.address)

    async def lead() -> None:
        await host.open_room("Where did the factor of two come from?")
        await host.close()

    asyncio.run(lead())
    return host


async def join(server: Server, room: Host) -> list[str]:
    """The cookies of so many new participants."""
    phones = [Phone(server.address) for _ in range(STREAMS)]
    await asyncio.gather(*(phone.join(room.code) for phone in phones))
    await asyncio.gather(*(phone.close() for phone in phones))
    return [f"{COOKIE}={phone.cookies[COOKIE]}" for phone in phones]


def stream(address: str, room: Host, cookie: str) -> socket.socket | None:
    """An open stream of that participant; None where the server answers otherwise."""
    host, _, port = address.partition(":")
    connection = socket.create_connection((host, int(port)), timeout=10)
    connection.sendall(f"GET /rooms/{room.id}/page HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n\r\n".encode())
    got = b""
    while b"data: " not in got:
        more = connection.recv(1000)
        if not more:
            connection.close()
            return None
        got += more
    return connection


def follow_wild_links(server: Server, room: Host) -> None:
    """Links with the host's token, right and wrong ones."""
    paths = {
        f"/rooms/host/{room.id}/{room.token}": 303, f"/rooms/board/{room.id}/{room.token}": 404,
        f"/rooms/host/x/{room.token}": 404, f"/rooms/host/{room.id}/{room.token}%00": 400,
        f"/room?host={room.id}&code={room.token}": 200, f"/room?me=1.{room.token}": 200,
        f"/room?code={room.code}&me=1.{room.token}": 303, f"/join/{room.code}?me=1.{room.token}": 200,
        f"/rooms/{room.token}/page": 409,
    }  # fmt: skip
    assert {path: get(server.address, path).status for path in paths} == paths
    host, _, port = server.address.partition(":")
    with socket.create_connection((host, int(port))) as broken:
        broken.sendall(f"GET /rooms/host/{room.id}/{room.token} HTTP/9\r\nbroken\r\n\r\n".encode())
        broken.recv(1000)


@pytest.mark.takes("a server starts and stops")
@pytest.mark.parametrize("signal_", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.soak)])
def test_fifty_open_streams_do_not_delay_the_end_and_no_token_is_logged(
    server: Server, signal_: signal.Signals
) -> None:
    """Also where browsers open their lost streams again at once, as long as the server listens."""
    room, stopping = opened(server), threading.Event()
    follow_wild_links(server, room)

    def follow(cookie: str) -> None:
        with suppress(OSError):
            while True:
                open_ = stream(server.address, room, cookie)
                if open_ is None:
                    return
                with open_:
                    followed.release()
                    got = b""
                    while more := open_.recv(1000):
                        got = (got + more)[-5:]
                    ends.append(got)
                if not stopping.is_set():
                    return

    ends: list[bytes] = []
    followed = threading.Semaphore(0)
    cookies = asyncio.run(join(server, room))
    threads = [threading.Thread(target=follow, args=[cookie], daemon=True) for cookie in cookies]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert followed.acquire(timeout=30)
    family = server.family()
    stopping.set()
    family[0].send_signal(signal_)
    assert not psutil.wait_procs(family, timeout=20)[1], "the server waits for its streams"
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    if signal_ == signal.SIGTERM:
        assert ends.count(b"0\r\n\r\n") >= STREAMS, "the server cut its streams off in place of ending them"
    log = server.log.read_text()
    for trouble in ("Traceback", "Task was destroyed", "never awaited", "exceeded"):
        assert trouble not in log, log
    for secret in (room.token, room.code, room.cookies[COOKIE], cookies[0].partition("=")[2]):
        assert secret not in log, "the log names whom it should not"
