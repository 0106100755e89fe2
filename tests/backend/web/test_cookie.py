"""The visitor's cookie: on pages alone, the same again, and with the words that the way it is shown needs."""

from __future__ import annotations

import json

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from websockets.sync.client import connect

from backend.web.cookie import COOKIE, HEADER, VisitorCookie, new_visitor
from tests.builders.asgi import get, serve

pytestmark = pytest.mark.slow


async def tell(socket: WebSocket) -> None:
    """Send all values of the visitor's header."""
    await socket.accept()
    await socket.send_json(socket.headers.getlist(HEADER))
    await socket.close()


APP = Starlette(
    routes=[
        Route("/", lambda _: HTMLResponse("<p>a page")),
        Route("/file", lambda _: PlainTextResponse("a file")),
        WebSocketRoute("/stream", tell),
    ]
)


def told(address: str, **headers: str) -> list[str]:
    with connect(f"ws://{address}/stream", additional_headers=headers, proxy=None) as socket:
        return list(json.loads(socket.recv(timeout=60)))


def test_a_page_renews_the_cookie_of_its_visitor_and_a_file_does_not() -> None:
    with serve(VisitorCookie(APP)) as address:
        first, second = (get(address, "/").headers["set-cookie"] for _ in range(2))
        assert first.partition(";")[0] != second.partition(";")[0]
        assert get(address, "/", Cookie=first.partition(";")[0]).headers["set-cookie"] == first
        assert get(address, "/file").headers["set-cookie"] is None


@pytest.mark.parametrize(
    ("framed", "scheme", "words"),
    [
        (False, "http", {"SameSite=Lax"}),
        (False, "https", {"SameSite=Lax", "Secure"}),
        (True, "https", {"SameSite=None", "Secure", "Partitioned"}),
    ],
)
def test_the_attributes_of_the_cookie_follow_from_scheme_and_framing(
    framed: bool, scheme: str, words: set[str]
) -> None:
    with serve(ProxyHeadersMiddleware(VisitorCookie(APP, framed=framed))) as address:
        value, *attributes = get(address, "/", **{"X-Forwarded-Proto": scheme}).headers["set-cookie"].split("; ")
    assert value.startswith(f"{COOKIE}=")
    assert set(attributes) == {"Path=/", f"Max-Age={400 * 24 * 3600}", "HttpOnly"} | words


@pytest.mark.parametrize("value", ["nobody", "", "x" * 31, "x" * 33, "x" * 31 + "%", "x" * 31 + "é"])
def test_a_malformed_cookie_is_replaced(value: str) -> None:
    with serve(VisitorCookie(APP)) as address:
        malformed = f"{COOKIE}={value}".encode()
        name, _, fresh = get(address, "/", Cookie=malformed).headers["set-cookie"].partition(";")[0].partition("=")
        assert name == COOKIE
        assert fresh != value
        again = get(address, "/", Cookie=f"{COOKIE}={fresh}").headers["set-cookie"]
        assert again.startswith(f"{COOKIE}={fresh};")
        (visitor,) = told(address, Cookie=malformed.decode("latin-1"))
        assert visitor != value


def test_the_visitor_of_a_websocket_is_its_cookie_and_not_a_header_of_the_client() -> None:
    visitor = new_visitor()
    with serve(VisitorCookie(APP)) as address:
        assert told(address, Cookie=f"{COOKIE}={visitor}") == [visitor]
        for name in (HEADER, HEADER.upper(), HEADER.title()):
            assert told(address, Cookie=f"{COOKIE}={visitor}", **{name: "another"}) == [visitor]
        first, second = (told(address, **{HEADER: "another"}) for _ in range(2))
        assert len(first) == len(second) == 1
        assert first != second, "nobody without a cookie is the same visitor as another"
        assert ["another"] not in (first, second)
