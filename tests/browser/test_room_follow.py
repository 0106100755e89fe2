"""A page that follows a room in Chromium: each change, the room's end, and where its stream is refused."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from backend.web.cookie import COOKIE
from backend.web.streams import MOST_OF_VISITOR
from harness.host import Host
from harness.local import until
from harness.server import Server

pytestmark = pytest.mark.browser

LESSON = "Where did the factor of two come from?"
SOON = 20_000


def played(work: Coroutine[Any, Any, None]) -> None:
    """Do it on a thread: Playwright's loop runs on this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


async def open_room(host: Host) -> None:
    await host.open_room(LESSON)
    await host.close()


async def press(host: Host, *labels: str) -> None:
    await host.lead()
    for label in labels:
        if label.startswith("Delete"):
            await host.expand("room.more")
        await host.advance(label)
    await host.close()


def joined(page: Page, server: Server, host: Host) -> None:
    page.goto(f"{server.url}/room?code={host.code}")
    expect(page.get_by_text("You are in.")).to_be_visible(timeout=60_000)


def test_a_page_shows_each_change_and_the_end_of_its_room(server: Server, chromium: Browser) -> None:
    host = Host(server.address)
    played(open_room(host))
    with chromium.new_context() as context:
        page = context.new_page()
        joined(page, server, host)
        played(press(host, "Begin"))
        expect(page.get_by_text("Choose an answer.")).to_be_visible(timeout=SOON)
        played(press(host, "Freeze"))
        expect(page.get_by_text("Answers are frozen.")).to_be_visible(timeout=SOON)
        played(press(host, "Delete the room"))
        expect(page.get_by_text("This room does not exist any more.")).to_be_visible(timeout=SOON)


@pytest.mark.takes("the page notices after four seconds that its request was lost")
def test_a_page_whose_request_for_a_run_is_lost_asks_again(server: Server, chromium: Browser) -> None:
    host = Host(server.address)
    played(open_room(host))
    lost: list[bool] = []

    def lose(socket: WebSocketRoute) -> None:
        forward = socket.connect_to_server()
        socket.on_message(lambda sent: forward.send(sent) if not losing or lost else lost.append(True))

    losing: list[bool] = []
    with chromium.new_context() as context:
        page = context.new_page()
        page.route_web_socket(re.compile("/_stcore/stream"), lose)
        joined(page, server, host)
        losing.append(True)
        played(press(host, "Begin"))
        expect(page.get_by_text("Choose an answer.")).to_be_visible(timeout=SOON)
        assert lost


NO_CONNECTION = "No connection. The room has"


def test_a_page_without_a_connection_says_so_at_once_and_what_becomes_of_the_answer(
    server: Server, chromium: Browser
) -> None:
    host = Host(server.address)
    played(open_room(host))
    with chromium.new_context() as context:
        page = context.new_page()
        joined(page, server, host)
        context.set_offline(True)
        expect(page.get_by_text("This page goes on by itself")).to_be_visible(timeout=1000)
        expect(page.get_by_text("You are in.")).to_be_hidden()
        context.set_offline(False)
        expect(page.get_by_text("No connection.")).to_have_count(0)
        played(press(host, "Begin"))
        expect(page.get_by_text("Choose an answer.")).to_be_visible(timeout=SOON)
        context.set_offline(True)
        expect(page.get_by_text(f"{NO_CONNECTION} no answer from you yet.")).to_be_visible(timeout=1000)
        context.set_offline(False)
        page.locator(".st-key-room-ask [data-testid=stRadioOption]").nth(1).click()
        expect(page.get_by_text("Sent.")).to_be_visible(timeout=SOON)
        context.set_offline(True)
        expect(page.get_by_text(f"{NO_CONNECTION} your answer B.")).to_be_visible(timeout=1000)
        expect(page.get_by_text("Sent.")).to_be_hidden()
        context.set_offline(False)
        expect(page.get_by_text("Sent.")).to_be_visible(timeout=SOON)


@pytest.mark.takes("the page notices after some seconds that nobody answers")
def test_a_page_whose_server_is_out_of_reach_says_so_after_a_press(server: Server, chromium: Browser) -> None:
    """Its sockets are open, and nothing comes through them. The answer is sent when the connection is back."""
    host = Host(server.address)
    played(open_room(host))
    held: list[str | bytes] = []
    cut: list[bool] = []

    def forward(socket: WebSocketRoute) -> None:
        to_server = socket.connect_to_server()
        socket.on_message(lambda sent: held.append(sent) if cut else to_server.send(sent))
        forwards.append(to_server)

    forwards: list[WebSocketRoute] = []
    with chromium.new_context() as context:
        page = context.new_page()
        page.route_web_socket(re.compile("/_stcore/stream"), forward)
        joined(page, server, host)
        played(press(host, "Begin"))
        expect(page.get_by_text("Choose an answer.")).to_be_visible(timeout=SOON)
        cut.append(True)
        page.route("**/rooms/*/versions?once", lambda route: route.abort("timedout") if cut else route.continue_())
        page.locator(".st-key-room-ask [data-testid=stRadioOption]").nth(2).click()
        expect(page.get_by_text(f"{NO_CONNECTION} no answer from you yet.")).to_be_visible(timeout=SOON)
        cut.clear()
        for sent in held:
            forwards[-1].send(sent)
        expect(page.get_by_text("Sent.")).to_be_visible(timeout=SOON)
        expect(page.get_by_text("No connection.")).to_have_count(0)


def test_a_page_whose_stream_is_refused_asks(server: Server, chromium: Browser) -> None:
    """The visitor has as many streams as the server allows."""
    host = Host(server.address)
    played(open_room(host))
    address, _, port = server.address.partition(":")
    with chromium.new_context() as context, ExitStack() as streams:
        page = context.new_page()
        joined(page, server, host)
        page.goto("about:blank")  # its stream ends
        (cookie,) = (each["value"] for each in context.cookies() if each["name"] == COOKIE)
        request = f"GET /rooms/{host.id}/versions HTTP/1.1\r\nHost: x\r\nCookie: {COOKIE}={cookie}\r\n\r\n".encode()

        def open_another() -> bool:
            stream = streams.enter_context(socket.create_connection((address, int(port))))
            stream.sendall(request)
            return stream.recv(15) == b"HTTP/1.1 200 OK"

        for _ in range(MOST_OF_VISITOR):
            until(open_another, "a stream")
        refused: list[int] = []
        page.on("response", lambda answer: refused.append(answer.status) if answer.url.endswith("/versions") else None)
        joined(page, server, host)
        played(press(host, "Begin"))
        expect(page.get_by_text("Choose an answer.")).to_be_visible(timeout=SOON)
        played(press(host, "Freeze"))
        expect(page.get_by_text("Answers are frozen.")).to_be_visible(timeout=SOON)
        assert set(refused) == {503}
        with page.expect_response(lambda answer: answer.url.endswith("/versions") and answer.status == 200):
            streams.close()
        played(press(host, "Delete the room"))
        expect(page.get_by_text("This room does not exist any more.")).to_be_visible(timeout=SOON)
