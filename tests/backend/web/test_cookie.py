"""The visitor's cookie: on pages alone, once, and with the words that the way it is shown needs."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from backend.web.cookie import COOKIE, VisitorCookie
from tests.backend.web.serve import get, serve

APP = Starlette(
    routes=[Route("/", lambda _: HTMLResponse("<p>a page")), Route("/file", lambda _: PlainTextResponse("a file"))]
)


def test_a_page_sets_it_once() -> None:
    with serve(VisitorCookie(APP)) as address:
        first, second = (get(address, "/").headers["set-cookie"] for _ in range(2))
        assert first.partition(";")[0] != second.partition(";")[0]
        assert get(address, "/", Cookie=first.partition(";")[0]).headers["set-cookie"] is None
        assert get(address, "/file").headers["set-cookie"] is None


@pytest.mark.parametrize(
    ("framed", "scheme", "words"),
    [
        (False, "http", {"SameSite=Lax"}),
        (False, "https", {"SameSite=Lax", "Secure"}),
        (True, "https", {"SameSite=None", "Secure", "Partitioned"}),
    ],
)
def test_who_gets_it_back(framed: bool, scheme: str, words: set[str]) -> None:
    with serve(ProxyHeadersMiddleware(VisitorCookie(APP, framed=framed))) as address:
        value, *attributes = get(address, "/", **{"X-Forwarded-Proto": scheme}).headers["set-cookie"].split("; ")
    assert value.startswith(f"{COOKIE}=")
    assert set(attributes) == {"Path=/", "Max-Age=86400", "HttpOnly"} | words
