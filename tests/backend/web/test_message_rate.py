"""How many messages a websocket and a visitor may send: in a clock moved by hand, and at a real server."""

from __future__ import annotations

import logging
from contextlib import ExitStack

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from backend.web.cookie import COOKIE
from backend.web.message_rate import (
    PATIENCE,
    PER_VISITOR,
    SOCKET_BURST,
    VISITOR_BURST,
    Allowance,
    MessageRate,
    TokenBucket,
)
from tests.builders.asgi import serve


class Clock:
    """Time that passes only where somebody sleeps."""

    now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def visitor() -> TokenBucket:
    return TokenBucket(PER_VISITOR, VISITOR_BURST, 0)


def test_thirty_tabs_that_load_and_then_poll_are_never_slowed() -> None:
    shared = visitor()
    tabs = [Allowance(shared, 0) for _ in range(30)]
    load = [tab.delay(0, 4_000) for tab in tabs for _ in range(4)]
    polls = [tab.delay(poll / 2, 2_000) for poll in range(1, 120) for tab in tabs]
    assert set(load + polls) == {0}


async def echo(socket: WebSocket) -> None:
    await socket.accept()
    async for data in socket.iter_bytes():
        await socket.send_bytes(data)


APP = Starlette(routes=[WebSocketRoute("/", echo)])


def opened(address: str, **headers: str) -> ClientConnection:
    return connect(f"ws://{address}/", additional_headers=headers, proxy=None)


def echoes(socket: ClientConnection, messages: int) -> int:
    """How many of these come back, until all have or the connection ends."""
    came = 0
    try:
        for number in range(messages):
            socket.send(str(number).encode())
        for _ in range(messages):
            socket.recv(timeout=30)
            came += 1
    except ConnectionClosed:
        while True:
            try:
                socket.recv(timeout=30)
                came += 1
            except ConnectionClosed:
                break
    return came


def test_a_flooding_websocket_is_disconnected_and_the_log_says_so(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    with (
        serve(MessageRate(APP, clock=clock, sleep=clock.sleep)) as address,
        caplog.at_level(logging.WARNING, "backend.web.message_rate"),
    ):
        for _ in range(3):
            with opened(address) as flooding:
                assert echoes(flooding, 2_000) < 1_000
            with opened(address) as another:
                assert echoes(another, 100) == 100
    lines = [record for record in caplog.records if record.name == "backend.web.message_rate"]
    assert len(lines) == 3
    assert clock.now > PATIENCE


def test_websockets_of_a_visitor_that_open_a_moment_apart_share_a_rate_and_visitors_do_not() -> None:
    clock = Clock()
    with serve(MessageRate(APP, clock=clock, sleep=clock.sleep)) as address, ExitStack() as all_open:
        sockets = []
        for visitor in "aaaaab":
            sockets.append(all_open.enter_context(opened(address, Cookie=f"{COOKIE}={visitor * 32}")))
            clock.now += 1
        *mine, another = sockets
        waited = []
        for sockets in (mine, [another]):
            before = clock.now
            assert [echoes(socket, 100) for socket in sockets] == [100] * len(sockets)
            waited.append(clock.now > before)
        assert waited == [True, False], "the fifth hundred is above a visitor's burst"


def test_a_message_that_no_page_sends_is_dropped_and_counts() -> None:
    clock = Clock()
    limited = MessageRate(
        APP, passed_on=lambda data: None if data.startswith(b"1") else data, clock=clock, sleep=clock.sleep
    )
    with serve(limited) as address, opened(address) as socket:
        for number in range(20):
            socket.send(str(number).encode())
        assert [socket.recv(timeout=60) for _ in range(9)] == [str(number).encode() for number in (0, *range(2, 10))]
        for _ in range(int(SOCKET_BURST)):
            socket.send(b"1")
        socket.send(b"0")
        assert socket.recv(timeout=60) == b"0"
    assert clock.now > 0
