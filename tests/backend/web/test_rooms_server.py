"""Rooms on the app's whole server, which may open few files.

No log line has a token, and neither open streams nor a client that does not read delay its end. `make flood` serves a
room beside silent connections.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
from streamlit.file_util import get_static_dir

from backend.web.cookie import COOKIE
from harness.host import Host
from harness.phone import Phone
from harness.server import Server
from harness.warm import healthy
from tests.builders.asgi import get

pytestmark = pytest.mark.jobs

STREAMS = 20
LIMIT = 300
#: A file of Streamlit that is too large for a socket's buffer when it is requested a few times.
LARGE = max(Path(get_static_dir(), "static", "js").glob("*.js"), key=lambda file: file.stat().st_size)
TITLE = "What does a total loss tell you?"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    environment = {"TWOHEADS_STATE_DIR": str(tmp_path)}
    with healthy(Server(tmp_path / "log", 0, environment, descriptors=(LIMIT // 2, LIMIT))) as running:
        yield running


def opened(server: Server) -> Host:
    """A room that its host leads."""
    host = Host(server.address)

    async def lead() -> None:
        await host.open_room(TITLE)
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
    connection = socket.create_connection((host, int(port)), timeout=60)
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
        f"/rooms/host/{room.id}/{room.token}": 303, f"/rooms/board/{room.id}/{room.token}": 200,
        f"/rooms/host/x/{room.token}": 404, f"/rooms/host/{room.id}/{room.token}%00": 400,
        f"/room?host={room.id}&code={room.token}": 200, f"/room?me=1.{room.token}": 200,
        f"/room?code={room.code}&me=1.{room.token}": 200, f"/join/{room.code}?me=1.{room.token}": 200,
        f"/rooms/{room.token}/page": 409,
    }  # fmt: skip
    assert {path: get(server.address, path).status for path in paths} == paths
    host, _, port = server.address.partition(":")
    with socket.create_connection((host, int(port))) as broken:
        broken.sendall(f"GET /rooms/host/{room.id}/{room.token} HTTP/9\r\nbroken\r\n\r\n".encode())
        broken.recv(1000)


@contextmanager
def not_reading(server: Server) -> Iterator[None]:
    """A client that requests much and reads nothing of it."""
    host, _, port = server.address.partition(":")
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect((host, int(port)))
        slow.sendall(f"GET /static/js/{LARGE.name} HTTP/1.1\r\nHost: {server.address}\r\n\r\n".encode() * 20)
        assert slow.recv(12) == b"HTTP/1.1 200"
        yield


@pytest.mark.takes("a server starts, 20 phones join, and it stops")
def test_many_streams_do_not_delay_the_end_and_no_token_is_logged(server: Server) -> None:
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
        assert followed.acquire(timeout=90)
    family = server.family()
    with not_reading(server):
        stopping.set()
        family[0].send_signal(signal.SIGTERM)
        assert not psutil.wait_procs(family, timeout=60)[1], (
            "the server waits for its streams, or for who does not read"
        )
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert ends.count(b"0\r\n\r\n") >= STREAMS, "the server cut its streams off in place of ending them"
    log = server.log.read_text()
    for trouble in ("Traceback", "Task was destroyed", "never awaited", "exceeded", "Too many open files", "EMFILE"):
        assert trouble not in log, log
    for secret in (room.token, room.code, room.cookies[COOKIE], cookies[0].partition("=")[2]):
        assert secret not in log, "the log names whom it should not"
