"""A visitor has so many tabs, a network too, and so many requests; one more is refused, and others notice nothing."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from http.client import HTTPResponse

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from backend.web.cookie import COOKIE, new_visitor
from backend.web.open_tabs import MOST_OF_VISITOR, OpenTabs
from harness.local import until
from tests.builders.asgi import get, handshake, serve

SENTENCE = f"You have {MOST_OF_VISITOR} tabs of Two Heads open, the most that are allowed. Close one of them."


async def follow(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await websocket.receive_text()
    except WebSocketDisconnect:
        pass


async def endless(_: object) -> StreamingResponse:
    async def news() -> AsyncIterator[str]:
        while True:
            yield "news\n"
            await asyncio.sleep(0.1)

    return StreamingResponse(news())


APP = Starlette(
    routes=[
        Route("/news", endless),
        Route("/train", lambda _: HTMLResponse("<p>a page")),
        Route("/healthz", lambda _: PlainTextResponse("ok")),
        WebSocketRoute("/stream", follow),
    ]
)


@pytest.fixture
def address() -> Iterator[str]:
    with serve(ProxyHeadersMiddleware(OpenTabs(APP, ["/train"], requests=lambda: 6)), ws="websockets-sansio") as found:
        yield found


def opened(address: str, stack: ExitStack, **headers: str) -> socket.socket | int:
    """A tab's WebSocket, which stays open; the status where it is refused."""
    found = handshake(address, "/stream", Host="x", **headers)
    if isinstance(found, socket.socket):
        stack.callback(found.close)
    return found


def test_a_visitor_has_so_many_tabs_and_reads_what_to_do_for_one_more(address: str) -> None:
    mine, other = ({"Cookie": f"{COOKIE}={new_visitor()}"} for _ in range(2))
    with ExitStack() as stack:
        tabs = [opened(address, stack, **mine) for _ in range(MOST_OF_VISITOR)]
        assert all(isinstance(tab, socket.socket) for tab in tabs)
        assert opened(address, stack, **mine) == 429
        page = get(address, "/train?head=a%22%3E%3Cscript%3E", **mine)
        text = page.read().decode()
        assert (page.status, page.headers["refresh"], page.headers["cache-control"]) == (429, "5", "private, no-store")
        assert SENTENCE in text
        assert 'href="/train?head=a%22%3E%3Cscript%3E"' in text
        assert "<script" not in text
        assert get(address, "/healthz", **mine).read() == b"ok"
        for headers in (other, {}):
            assert get(address, "/train", **headers).status == 200
            assert isinstance(opened(address, stack, **headers), socket.socket)
        tab = tabs[0]
        assert isinstance(tab, socket.socket)
        tab.close()
        until(lambda: get(address, "/train", **mine).status == 200, "the page, after a tab was closed")
        assert isinstance(opened(address, stack, **mine), socket.socket)
        assert opened(address, stack, **mine) == 429


def test_a_network_has_so_many_tabs_and_another_one_its_own(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.web.open_tabs.MOST_OF_NETWORK", 50)
    with ExitStack() as stack:

        def opens(source: str, **headers: str) -> bool:
            return isinstance(opened(address, stack, X_Forwarded_For=source, **headers), socket.socket)

        assert [opens("2001:db8::1") for _ in range(25)] == [True] * 25
        assert [opens("2001:db8::2", Cookie=f"{COOKIE}={new_visitor()}") for _ in range(26)] == [True] * 25 + [False]
        assert opens("2001:db8:0:1::1")
        assert opens("192.0.2.1")
        page = get(address, "/train?head=dense", **{"X-Forwarded-For": "2001:db8::1"})
        assert (page.status, page.headers["refresh"]) == (429, "5"), "the page would wait for its WebSocket in vain"
        assert (
            "Your network has 50 tabs of Two Heads open, the most that are allowed. Close one" in page.read().decode()
        )
        assert get(address, "/train", **{"X-Forwarded-For": "192.0.2.1"}).status == 200


def test_a_network_has_so_many_requests_at_once_and_another_one_its_own(address: str) -> None:
    def served(path: str, source: str) -> HTTPResponse:
        return get(address, path, **{"X-Forwarded-For": source})

    streams = [served("/news", "192.0.2.1") for _ in range(6)]
    assert {each.status for each in streams} == {200}
    refused = served("/healthz", "192.0.2.1")
    assert (refused.status, refused.headers["retry-after"]) == (503, "5")
    assert [served("/healthz", "192.0.2.2").status for _ in range(8)] == [200] * 8
    streams.pop().close()
    until(lambda: served("/healthz", "192.0.2.1").status == 200, "one stream has ended")
