"""Connections that request nothing are closed or give way; others are served up to a bound, and told beyond it."""

from __future__ import annotations

import asyncio
import re
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, suppress

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from backend.config.environment import read
from backend.web import connections, protocols
from backend.web.connections import Connections, Proxies
from backend.web.protocols import MOST_BODY, MOST_HEAD, install
from harness.local import ROOT, until
from tests.builders.asgi import get, handshake, serve

pytestmark = pytest.mark.slow

PATIENCE = 0.6
BUSY, FREE = threading.Event(), threading.Event()


async def page(request: Request) -> Response:
    with suppress(ClientDisconnect):
        await request.body()
    return PlainTextResponse("a page")


async def unread(_: Request) -> Response:
    """A response that does not wait for the body of the request."""
    return PlainTextResponse("a page")


async def keep_busy(_: Request) -> Response:
    """Let the server do nothing else until it is free."""
    BUSY.set()
    FREE.wait(10)
    return PlainTextResponse("done")


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


async def large(_: Request) -> Response:
    """More than the kernel keeps for a client that does not read, in one piece as a compressed file is sent."""
    return Response(LARGE)


async def pieces(_: Request) -> Response:
    """The same, piece by piece as a file is sent that is not compressed."""

    async def each() -> AsyncIterator[bytes]:
        for begin in range(0, len(LARGE), 65_536):
            yield LARGE[begin : begin + 65_536]

    return StreamingResponse(each())


#: Whom the image believes who a visitor is.
IMAGE = re.findall(r"FORWARDED_ALLOW_IPS=(\S+)", (ROOT / "Dockerfile").read_text())[0]
LARGE = bytes(12 * 2**20)
ROUTES = [
    Route("/", page, methods=["GET", "POST"]),
    Route("/unread", unread, methods=["POST"]),
    Route("/large", large),
    Route("/pieces", pieces),
    Route("/busy", keep_busy),
    Route("/stream", stream),
    WebSocketRoute("/ws", follow),
]
APP = Starlette(routes=ROUTES)
HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
STREAM = HEAD.replace(b"/", b"/stream", 1)
LENGTH = 100
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % LENGTH
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n"
UPGRADE = (
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Version: 13\r\n\r\n"
)


def status(client: socket.socket) -> int:
    """The status of the answer that comes next."""
    return int(client.recv(1000).split(b" ", 2)[1])


class Site:
    """A server with a bound, and clients of it."""

    def __init__(self, address: str, bound: Connections, stack: ExitStack) -> None:
        self.address, self.bound, self._stack = address, bound, stack

    def connect(self, sends: bytes = b"", source: str = "127.0.0.1") -> socket.socket:
        host, _, port = self.address.partition(":")
        client = socket.create_connection((host, int(port)), timeout=10, source_address=(source, 0))
        self._stack.callback(client.close)
        client.sendall(sends)
        return client

    def stream(self, source: str = "127.0.0.1") -> int:
        """The status of the answer to a request for a stream, which stays open."""
        return status(self.connect(STREAM, source))

    def websocket(self) -> socket.socket:
        found = handshake(self.address, "/ws", Host="x")
        assert isinstance(found, socket.socket)
        self._stack.callback(found.close)
        return found


@pytest.fixture
def start() -> Iterator[Callable[..., Site]]:
    with ExitStack() as stack:

        def one(
            most: int = 100, patience: float = 60, proxy: bool = True, loop: str = "auto", stalled: float = 60
        ) -> Site:
            bound = Connections(Proxies("*" if proxy else ""), patience, stalled)
            bound.most = most
            http, ws = protocols.protocols(bound)
            address = stack.enter_context(serve(APP, http=http, ws=ws, loop=loop))
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
    patience = 2.0  # `slow` has to send four lines in that time
    site = start(patience=patience)
    silent, half = site.connect(), site.connect(HEAD[:-2])
    served = site.connect(HEAD)
    assert status(served) == 200
    body, chunks, late = (site.connect(each + b"half") for each in (POST, CHUNKED, HEAD + POST))
    answered = site.connect(POST.replace(b"/", b"/unread", 1) + b"half")
    assert status(answered) == 200
    answered.sendall(bytes(LENGTH - 4))
    streaming = site.connect(STREAM)
    websocket = site.websocket()
    begun, slow = time.monotonic(), site.connect()
    slow.settimeout(0.05)
    dripped = 0
    with suppress(ConnectionError):
        while True:
            slow.sendall(b"X-%d: y\r\n" % dripped if dripped else b"GET / HTTP/1.1\r\n")
            dripped += 1
            assert time.monotonic() - begun < 60
            with suppress(TimeoutError):
                if not slow.recv(1000):
                    break
    assert time.monotonic() - begun > patience - 0.05, "the timers of an event loop are not exact"
    assert dripped > 3, "what it sent did not win it time"
    for client in (silent, half, served, body, chunks, late, answered):
        until(lambda client=client: is_closed(client), "an end of the connection")
    assert not any(map(is_closed, (streaming, websocket))), "a request is served as long as it takes"


def page_on(client: socket.socket) -> bool:
    """Whether the page comes next on the connection, whole."""
    got = b""
    while not got.endswith(b"a page"):
        more = client.recv(1000)
        if not more:
            return False
        got += more
    return got.startswith(b"HTTP/1.1 200 OK")


def test_a_connection_is_kept_while_requests_come_and_becomes_a_websocket(start: Callable[..., Site]) -> None:
    site = start(patience=PATIENCE)
    client = site.connect(HEAD)
    assert page_on(client)
    for _ in range(3):
        client.sendall(POST + bytes(LENGTH))
        assert page_on(client)
    client.sendall(HEAD.replace(b"/", b"/ws", 1)[:-2] + UPGRADE)
    assert status(client) == 101
    other = site.connect()
    until(lambda: is_closed(other), "an end of one that was opened later and requests nothing")
    assert not is_closed(client)


def slow(site: Site, path: str, *headers: str) -> socket.socket:
    """A client with little room for what it gets, which has requested a page and read nothing of it."""
    host, _, port = site.address.partition(":")
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    client.settimeout(10)
    client.connect((host, int(port)))
    lines = (f"GET {path} HTTP/1.1", "Host: x", *headers)
    client.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    return client


@pytest.mark.parametrize(
    ("loop", "headers"),
    [
        ("uvloop", ()),
        ("asyncio", ("Connection: close",)),
        pytest.param("uvloop", ("Connection: close",), marks=pytest.mark.soak),
        pytest.param("asyncio", (), marks=pytest.mark.soak),
    ],
)
def test_a_slow_client_gets_the_whole_response(start: Callable[..., Site], headers: tuple[str, ...], loop: str) -> None:
    site = start(patience=PATIENCE, loop=loop, stalled=5)
    began, got = time.monotonic(), 0
    with slow(site, "/large", *headers) as client:
        while got < len(LARGE):
            part = client.recv(65_536)
            assert part, f"{got:,} bytes after {time.monotonic() - began:.1f} s"
            got += len(part)
            time.sleep(0.005)
        assert time.monotonic() - began > PATIENCE
        until(lambda: is_closed(client), "an end of the connection, which requests nothing more")


@pytest.mark.parametrize("path", ["/large", "/pieces"])
def test_a_client_that_reads_nothing_of_its_response_is_disconnected(start: Callable[..., Site], path: str) -> None:
    site = start(patience=2, stalled=3)
    with slow(site, path), slow(site, path, "Connection: close"):
        until(lambda: site.bound.count == 2, "both are connected")
        streaming, websocket = site.connect(STREAM), site.websocket()
        until(lambda: site.bound.count == 2, "an end of both, whose places are free")
        assert not is_closed(streaming)
        assert not is_closed(websocket)


def test_a_client_that_reads_a_response_keeps_its_place(start: Callable[..., Site]) -> None:
    site = start(most=3)
    with slow(site, "/large") as reading:
        got = len(reading.recv(65_536))
        silent = [site.connect() for _ in range(2)]
        until(lambda: site.bound.count == 3, "all are connected")
        for _ in range(3):
            assert status(site.connect(HEAD)) == 200
        assert all(map(is_closed, silent))
        while got < len(LARGE):
            part = reading.recv(65_536)
            assert part
            got += len(part)


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


def test_a_client_that_sends_a_part_of_a_body_gives_way_to_a_new_one(start: Callable[..., Site]) -> None:
    site = start(most=8, proxy=False)
    halves = [site.connect(POST + b"half", each) for each in ["127.0.0.2"] * 6 + ["127.0.0.3"] * 2]
    until(lambda: site.bound.count == 8, "all are connected")
    for source in ("127.0.0.2", "127.0.0.3", "127.0.0.4"):
        assert status(site.connect(HEAD, source)) == 200
    assert sum(map(is_closed, halves)) == 3


def test_a_client_whose_request_waits_to_be_read_keeps_its_place(start: Callable[..., Site]) -> None:
    """A burst comes while the server is busy, so it has read of nobody what they sent.

    uvloop reads between two new connections, Python's own event loop does not.
    """
    site = start(most=4, loop="asyncio")
    busy = site.connect(HEAD.replace(b"/", b"/busy", 1))
    assert BUSY.wait(10)
    asking = site.connect(HEAD)
    silent = [site.connect() for _ in range(12)]
    FREE.set()
    assert status(asking) == 200
    assert status(busy) == 200
    assert sum(map(is_closed, silent)) >= 8


def test_the_network_with_most_idle_connections_gives_way(start: Callable[..., Site]) -> None:
    site = start(most=10)
    alone = site.connect(source="127.0.0.2")
    crowd = [site.connect() for _ in range(9)]
    until(lambda: site.bound.count == 10, "all are connected")
    for _ in range(5):
        assert site.stream(source="127.0.0.3") == 200
    assert [is_closed(each) for each in crowd] == [True] * 5 + [False] * 4
    assert not is_closed(alone), "who has just connected and sends in a moment"


def test_without_an_idle_connection_a_new_one_is_refused_with_a_sentence(
    start: Callable[..., Site], caplog: pytest.LogCaptureFixture
) -> None:
    site = start(most=5)
    assert [site.stream() for _ in range(4)] == [200] * 4
    websocket = site.websocket()
    for _ in range(20):
        answer = get(site.address, "/")
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        assert answer.read() == b"The server takes no more connections from here now. Try again in a moment."
    assert len([record for record in caplog.records if record.name == connections.__name__]) == 1
    websocket.close()
    until(lambda: get(site.address, "/").status == 200, "the place of the WebSocket is free")


def test_a_network_has_its_share_and_a_proxy_any_number(start: Callable[..., Site]) -> None:
    statuses = []
    for proxy in (False, True):
        site = start(most=8, proxy=proxy)
        statuses.append([site.stream() for _ in range(8)].count(200))
        if not proxy:
            assert site.stream(source="127.0.0.2") == 200
    assert statuses == [6, 8]


def test_behind_a_proxy_the_share_of_a_network_counts_while_a_request_is_forwarded(start: Callable[..., Site]) -> None:
    site = start(most=8)

    def forwarded(head: bytes, address: str) -> socket.socket:
        return site.connect(head.replace(b"Host: x", b"Host: x\r\nX-Forwarded-For: " + address.encode()))

    def status_of(address: str) -> int:
        with forwarded(HEAD, address) as client:
            return status(client)

    streams = [forwarded(STREAM, "192.0.2.1") for _ in range(6)]
    assert {status(client) for client in streams} == {200}
    assert status_of("192.0.2.1") == 503
    assert [status_of("192.0.2.2") for _ in range(8)] == [200] * 8, "a served one is the proxy's again"
    streams[0].close()
    until(lambda: site.bound.count == 5, "one stream has ended")
    assert status_of("192.0.2.1") == 200
    until(lambda: site.bound.count == 5, "the last one has ended, too")
    other, *halves = (forwarded(POST + b"half", f"192.0.2.{number}") for number in (3, 4, 4))
    until(lambda: site.bound.count == 8, "all are connected")
    assert status_of("192.0.2.2") == 200
    assert [is_closed(each) for each in (other, *halves)] == [False, True, False], "the network with most gives way"


TOO_LARGE = {
    "a header": (431, b"X: " + b"x" * MOST_HEAD + b"\r\n\r\n"),
    "a header without an end": (431, b"X: " + b"x" * 20_000_000),
    "an address without an end": (431, b"x" * 20_000_000),
    "lines": (431, b"a:b\r\n" * 100 + b"\r\n"),
    "lines without an end": (431, b"a:b\r\n" * 2_000_000),
    "a length": (413, b"Content-Length: 8193\r\n\r\n"),
    "a body": (413, b"Content-Length: 1000000\r\n\r\n" + bytes(1_000_000)),
    "a chunk": (413, b"Transfer-Encoding: chunked\r\n\r\n2001\r\n" + bytes(8193)),
    "the trailer of a body": (413, b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX: " + b"x" * 1_000_000),
    "no host": (400, b"\r\n"),
    "two hosts": (400, b"Host: x\r\nHost: x\r\n\r\n"),
}


@pytest.mark.parametrize("what", TOO_LARGE)
def test_a_request_that_is_too_large_or_names_no_host_is_refused_with_a_status(
    start: Callable[..., Site], what: str
) -> None:
    site = start()
    status, rest = TOO_LARGE[what]
    client = site.connect(b"POST / HTTP/1.1\r\n" if "address" not in what else b"POST /")
    if status != 400 and "address" not in what:
        client.sendall(b"Host: x\r\n")
    client.sendall(rest)
    answer = b""
    while got := client.recv(1000):
        answer += got
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert answer.count(b"HTTP/1.1") == 1
    client.close()
    until(lambda: site.bound.count == 0, "the connection is forgotten")


def test_a_request_within_the_bounds_is_served(start: Callable[..., Site]) -> None:
    client = start().connect()
    for size in (0, MOST_BODY):
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 98)
        client.sendall(b"Content-Length: %d\r\n\r\n" % size + bytes(size))
        assert page_on(client)
    client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * (MOST_HEAD - 7) + b"\r\n\r\n")
    assert page_on(client)
    client.sendall(b"GET / HTTP/1.0\r\n\r\n")
    assert page_on(client), "a host belongs to HTTP/1.1"


def test_the_bound_follows_from_the_limit_of_open_files() -> None:
    bound = Connections(Proxies(""))
    for limit, most, at_once in (
        (1024, 896, 96), (200, 100, 68), (8192, 7168, 992), (65_536, connections.MOST, 2048),
        (sys.maxsize, connections.MOST, 2048),
    ):  # fmt: skip
        bound.set_limit(limit)
        assert (bound.most, bound.spare) == (most, at_once)
        assert bound.last + at_once <= limit


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_no_client_has_to_connect_twice_while_the_server_is_busy(monkeypatch: pytest.MonkeyPatch, loop: str) -> None:
    """Many more come than descriptors are to spare. A client that the kernel drops would wait for the busy server."""
    monkeypatch.setattr(uvicorn.Server, "startup", uvicorn.Server.startup)
    monkeypatch.setattr(protocols, "raise_limit", lambda: 1024)
    BUSY.clear(), FREE.clear()
    bound = Connections(Proxies("*"))
    install(bound)
    assert bound.most > 400
    with ExitStack() as stack:
        address = stack.enter_context(serve(APP, loop=loop))
        site = Site(address, bound, stack)
        site.connect(HEAD.replace(b"/", b"/busy", 1))
        assert BUSY.wait(10)
        clients = [site.connect(HEAD) for _ in range(400)]
        FREE.set()
        assert {status(client) for client in clients} == {200}


def test_who_may_speak_for_others_is_uvicorn_s_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    def trusted(value: str | None) -> list[bool]:
        if value is None:
            monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
        else:
            monkeypatch.setenv("FORWARDED_ALLOW_IPS", value)
        proxies = Proxies(read().forwarded_allow_ips)
        return [address in proxies for address in ("127.0.0.1", "::1", "10.1.2.3", "192.0.2.1")]

    assert trusted(None) == [True, True, False, False]
    assert trusted("10.0.0.0/8") == [False, False, True, False]
    assert trusted("*") == [True] * 4
    assert trusted(IMAGE) == [True, True, True, False]


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
