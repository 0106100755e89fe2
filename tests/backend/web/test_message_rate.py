"""How many messages a websocket and a visitor may send: in a clock moved by hand, and at a real server."""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import ExitStack

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from backend.web.cookie import COOKIE
from backend.web.message_rate import (
    MESSAGE_BYTES,
    PATIENCE,
    PER_SOCKET,
    PER_VISITOR,
    SOCKET_BURST,
    VISITOR_BURST,
    Allowance,
    MessageRate,
    TokenBucket,
)
from harness.local import until
from tests.builders.asgi import handshake, serve


class Clock:
    """Time that passes only where somebody sleeps."""

    now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def visitor() -> TokenBucket:
    return TokenBucket(PER_VISITOR, VISITOR_BURST, 0)


def test_a_bucket_gives_its_burst_at_once_and_then_its_rate() -> None:
    bucket = TokenBucket(per_second=2, burst=3, now=0)
    assert [bucket.take(0) for _ in range(5)] == [0, 0, 0, 0.5, 1]
    assert bucket.take(1.5) == 0, "three have come, two of which were owed"
    assert not bucket.full(2)
    assert bucket.full(100)
    assert bucket.take(100, tokens=4) == 0.5, "no more than the burst was saved up"


def test_a_key_that_is_held_down_for_a_minute_is_never_slowed() -> None:
    allowance = Allowance(visitor(), 0)
    assert all(allowance.delay(repeat / 30, 8_000) == 0 for repeat in range(30 * 60))


def test_thirty_tabs_that_load_and_then_poll_are_never_slowed() -> None:
    shared = visitor()
    tabs = [Allowance(shared, 0) for _ in range(30)]
    load = [tab.delay(0, 4_000) for tab in tabs for _ in range(4)]
    polls = [tab.delay(poll / 2, 2_000) for poll in range(1, 120) for tab in tabs]
    assert set(load + polls) == {0}


def test_a_flood_is_passed_on_at_the_socket_s_rate_and_then_ends() -> None:
    allowance, now, passed = Allowance(visitor(), 0), 0.0, 0
    while (delay := allowance.delay(now, 8)) is not None:
        now, passed = now + delay, passed + 1
    assert now == pytest.approx(PATIENCE, abs=0.1)
    assert passed == pytest.approx(SOCKET_BURST + PATIENCE * PER_SOCKET, abs=2)


def test_a_flood_ends_also_if_the_server_is_busy_at_times() -> None:
    allowance, now = Allowance(visitor(), 0), 0.0
    for message in range(10_000):
        delay = allowance.delay(now, 8)
        if delay is None:
            break
        now += delay + (0.2 if message % 30 == 0 else 0)
    assert PATIENCE < now < 2 * PATIENCE


def test_after_a_pause_a_websocket_is_not_disconnected() -> None:
    allowance, now = Allowance(visitor(), 0), 0.0
    for _ in range(10):
        for _ in range(int(SOCKET_BURST) + 100):
            delay = allowance.delay(now, 8)
            assert delay is not None
            now += delay
        now += 10


def test_a_large_message_counts_as_several() -> None:
    allowance = Allowance(visitor(), 0)
    assert allowance.delay(0, int(SOCKET_BURST) * MESSAGE_BYTES) == 0
    assert allowance.delay(0, 1) == 1 / PER_SOCKET


def test_many_sockets_of_one_visitor_share_a_rate_and_are_not_disconnected() -> None:
    shared = visitor()
    sockets = [Allowance(shared, 0) for _ in range(20)]
    delays = [socket.delay(tenth / 10, 8) for tenth in range(200) for socket in sockets]
    assert delays[0] == 0
    assert delays[-1] == pytest.approx((4_000 - VISITOR_BURST - 19.9 * PER_VISITOR) / PER_VISITOR)


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


def test_a_flooding_websocket_is_disconnected_and_the_log_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
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
    assert len(lines) == 1
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


def test_text_ends_the_connection() -> None:
    with serve(MessageRate(APP)) as address, opened(address) as socket:
        socket.send("text")
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=10)


def test_unread_messages_of_a_client_that_left_are_dropped() -> None:
    clock, answered, ended = Clock(), 0, threading.Event()

    async def answer(socket: WebSocket) -> None:
        nonlocal answered
        await socket.accept()
        async for _ in socket.iter_bytes():
            answered += 1
            await socket.send_bytes(b"x" * 100_000)
            await asyncio.sleep(0)  # else all is answered before the event loop sees that the client has left
        ended.set()

    app = MessageRate(Starlette(routes=[WebSocketRoute("/", answer)]), clock=clock, sleep=clock.sleep)
    with serve(app) as address:
        connection = handshake(address, "/", Host=address)
        assert not isinstance(connection, int)
        connection.sendall(b"\x82\x81\0\0\0\0x" * 500)
        until(lambda: answered > 0, "a first answer")
        connection.close()
        assert ended.wait(30), "its end without an error"
    assert answered < 500
