"""Connections that request nothing are closed or give way; others are served up to a bound, and told beyond it."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, suppress

import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from backend.web.connections import Connections
from backend.web.protocols import MOST_HEAD, install, protocols
from harness.local import ROOT, until
from tests.builders.asgi import get, handshake, serve

pytestmark = pytest.mark.slow

PATIENCE = 2.0
#: More than the kernel keeps for a client that does not read.
LARGE = bytes(12 * 2**20)
HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
STREAM = HEAD.replace(b"/", b"/stream", 1)
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n"


async def page(request: Request) -> Response:
    with suppress(ClientDisconnect):
        await request.body()
    return PlainTextResponse("a page")


async def stream(_: Request) -> Response:
    """Says something, and goes on until the client leaves."""

    async def events() -> AsyncIterator[str]:
        while True:
            yield "news\n"
            await asyncio.sleep(0.1)

    return StreamingResponse(events())


async def follow(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive()


APP = Starlette(
    routes=[
        Route("/", page, methods=["GET", "POST"]),
        Route("/large", lambda _: Response(LARGE)),
        Route("/stream", stream),
        WebSocketRoute("/ws", follow),
    ]
)


def status(client: socket.socket) -> int:
    """The status of the answer that comes next."""
    return int(client.recv(1000).split(b" ", 2)[1])


class Site:
    """A server with a bound, and clients of it."""

    def __init__(self, address: str, bound: Connections, stack: ExitStack) -> None:
        self.address, self.bound, self._stack = address, bound, stack

    def connect(self, sends: bytes = b"") -> socket.socket:
        host, _, port = self.address.partition(":")
        client = socket.create_connection((host, int(port)), timeout=10)
        self._stack.callback(client.close)
        client.sendall(sends)
        return client

    def stream(self) -> int:
        """The status of the answer to a request for a stream, which stays open."""
        return status(self.connect(STREAM))

    def websocket(self) -> socket.socket:
        found = handshake(self.address, "/ws", Host="x")
        assert isinstance(found, socket.socket)
        self._stack.callback(found.close)
        return found


@pytest.fixture
def start() -> Iterator[Callable[..., Site]]:
    with ExitStack() as stack:

        def one(most: int = 100, patience: float = 60, stalled: float = 60) -> Site:
            bound = Connections(patience, stalled)
            bound.most, bound.proxies = most, {"127.0.0.1"}
            http, ws = protocols(bound)
            address = stack.enter_context(serve(APP, http=http, ws=ws))
            stack.callback(lambda: until(lambda: bound.count == 0, "every connection is forgotten"))
            return Site(address, bound, stack.enter_context(ExitStack()))

        yield one


def is_closed(client: socket.socket) -> bool:
    """Whether the server has closed the connection."""
    client.setblocking(False)
    try:
        while client.recv(1000):
            pass
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def test_a_client_that_sends_no_whole_request_in_time_is_disconnected(start: Callable[..., Site]) -> None:
    site = start(patience=PATIENCE)
    sent = (b"", HEAD[:-2], HEAD, POST + b"half", CHUNKED + b"half", HEAD + POST + b"half")
    clients = [site.connect(each) for each in sent]
    streaming, websocket = site.connect(STREAM), site.websocket()
    begun, slow = time.monotonic(), site.connect(b"GET / HTTP/1.1\r\n")
    slow.settimeout(0.05)
    with suppress(ConnectionError):
        while True:
            slow.sendall(b"X: y\r\n")
            assert time.monotonic() - begun < 60, "what it sent won it time"
            with suppress(TimeoutError):
                if not slow.recv(1000):
                    break
    for client in clients:
        until(lambda client=client: is_closed(client), "an end of the connection")
    assert not any(map(is_closed, (streaming, websocket))), "a request is served as long as it takes"


def slow(site: Site) -> socket.socket:
    """A client with little room for what it gets, which has requested a page and read nothing of it."""
    host, _, port = site.address.partition(":")
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    client.settimeout(10)
    client.connect((host, int(port)))
    client.sendall(HEAD.replace(b"/", b"/large", 1))
    return client


def test_a_client_that_reads_slowly_gets_the_whole_response_and_one_that_reads_nothing_is_disconnected(
    start: Callable[..., Site],
) -> None:
    site, begun = start(patience=0.5, stalled=3), time.monotonic()
    with slow(site) as reading, slow(site):
        until(lambda: time.monotonic() - begun > 1, "a request has to be there sooner, its response need not")
        assert site.bound.count == 2
        got = 0
        while got < len(LARGE):
            part = reading.recv(65_536)
            assert part, f"{got:,} bytes"
            got += len(part)
        until(lambda: site.bound.count == 0, "an end of both, whose places are free")


def test_an_idle_connection_gives_way_to_a_new_one(start: Callable[..., Site]) -> None:
    site = start(most=10)
    kept = site.stream()
    first, *silent = (site.connect() for _ in range(9))
    assert kept == 200
    assert get(site.address, "/").read() == b"a page"
    until(lambda: is_closed(first), "an end of the one that was idle for longest")
    assert not any(is_closed(each) for each in silent)
    for _ in range(50):
        silent.append(site.connect())
        assert get(site.address, "/").status == 200
    assert site.bound.count <= 10


def test_without_an_idle_connection_a_new_one_is_refused_with_a_sentence(start: Callable[..., Site]) -> None:
    site = start(most=5)
    assert [site.stream() for _ in range(4)] == [200] * 4
    websocket = site.websocket()
    answer = get(site.address, "/")
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    websocket.close()
    until(lambda: get(site.address, "/").status == 200, "the place of the WebSocket is free")


#: What follows the first line of a request, and the status that refuses it.
REFUSED = {
    "a header": (431, b"Host: x\r\nX: " + b"x" * MOST_HEAD + b"\r\n\r\n"),
    "a header without an end": (431, b"Host: x\r\nX: " + b"x" * 20_000_000),
    "lines without an end": (431, b"Host: x\r\n" + b"a:b\r\n" * 2_000_000),
    "a length": (413, b"Host: x\r\nContent-Length: 8193\r\n\r\n"),
    "a chunk": (413, b"Host: x\r\nTransfer-Encoding: chunked\r\n\r\n2001\r\n" + bytes(8193)),
    "a trailer": (413, b"Host: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX: " + b"x" * 1_000_000),
    "no host": (400, b"\r\n"),
    "two hosts": (400, b"Host: x\r\nHost: x\r\n\r\n"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_request_that_is_too_large_or_names_no_host_is_refused_with_a_status(
    start: Callable[..., Site], what: str
) -> None:
    status, rest = REFUSED[what]
    client = start().connect(b"POST / HTTP/1.1\r\n" + rest)
    answer = b""
    while got := client.recv(1000):
        answer += got
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert answer.count(b"HTTP/1.1") == 1


#: Whom the image believes who a visitor is.
IMAGE = re.findall(r"FORWARDED_ALLOW_IPS=(\S+)", (ROOT / "Dockerfile").read_text())[0]


def test_behind_a_proxy_of_the_image_a_visitor_cannot_name_another_address() -> None:
    """A proxy adds the address that it sees to what the client has sent."""

    async def client(request: Request) -> Response:
        assert request.client
        return PlainTextResponse(request.client.host)

    app = Starlette(routes=[Route("/", client)])
    with serve(app, proxy_headers=True, forwarded_allow_ips=IMAGE) as address:
        for sent, seen in (
            ("192.0.2.1", "192.0.2.1"),
            ("203.0.113.9, 192.0.2.1", "192.0.2.1"),
            ("203.0.113.9, 192.0.2.1, 10.0.0.7", "192.0.2.1"),
        ):
            assert get(address, "/", **{"X-Forwarded-For": sent}).read().decode() == seen


def test_an_operator_is_told_if_another_server_than_uvicorn_runs_the_app(caplog: pytest.LogCaptureFixture) -> None:
    install(Connections())  # pytest has the handler of SIGTERM, and no server
    assert [record.levelname for record in caplog.records] == ["ERROR"]
