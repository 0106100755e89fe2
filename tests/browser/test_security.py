"""The edge as a browser meets it: what a page may load, who may frame it, whose websocket is answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse

import pytest
from playwright.sync_api import Browser, Page
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from harness.local import until
from harness.server import Server
from tests.browser.contexts import Contexts
from tests.browser.site import elsewhere
from tests.browser.visit import DESK

pytestmark = pytest.mark.browser


def ask(server: Server, path: str) -> HTTPResponse:
    connection = HTTPConnection(server.address, timeout=10)
    connection.request("GET", path)
    return connection.getresponse()


def test_the_policy_is_enforced(server: Server, contexts: Contexts) -> None:
    """A script put into the page, text run as code, an image and an address from elsewhere: each is stopped."""
    with contexts.one(server.url, **DESK) as context:
        page = context.new_page()
        page.goto(server.url)
        page.evaluate("""async () => {
            window.seen = []
            document.addEventListener("securitypolicyviolation", (event) => seen.push(event.effectiveDirective))
            const script = document.createElement("script")
            script.textContent = "window.ran = true"
            document.head.append(script)
            new Image().src = "https://elsewhere.example/image.png"
            await fetch("https://elsewhere.example").catch(() => 0)
            const module = new Blob(["eval('window.ran = true')"], { type: "text/javascript" })
            await import(URL.createObjectURL(module)).catch(() => 0)
        }""")
        page.wait_for_function("() => new Set(seen).size >= 4")
        assert set(page.evaluate("seen")) == {"script-src-elem", "img-src", "connect-src", "script-src"}
        assert not page.evaluate("Boolean(window.ran)")


@pytest.mark.parametrize("path", ["/", "/train", "/_stcore/health", "/healthz", "/no/such/page.js"])
def test_every_answer_has_the_headers(server: Server, path: str) -> None:
    headers = ask(server, path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "microphone=()" in headers["permissions-policy"]


def test_the_cookie_is_not_sent_in_a_frame_of_another_site(server: Server) -> None:
    assert "SameSite=Lax" in ask(server, "/").headers["set-cookie"]


@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/metrics/", "/_stcore/%6detrics?families=active_sessions"]
)
def test_streamlit_s_metrics_are_closed(server: Server, path: str) -> None:
    answer = ask(server, path)
    assert answer.status == 404
    assert b"active_sessions" not in answer.read()


def test_it_says_that_it_lives(server: Server) -> None:
    answer = ask(server, "/healthz")
    assert (answer.status, answer.read()) == (200, b"ok")


@pytest.mark.parametrize("origin", [None, "null", "http://elsewhere.example", "http://127.0.0.1:1", "http://localhost"])
def test_a_websocket_of_another_origin_is_refused(server: Server, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused, stream(server, origin):
        pass
    assert refused.value.response.status_code == 403


def test_a_websocket_of_our_own_origin_is_answered(server: Server) -> None:
    with stream(server, server.url) as socket:
        assert socket.subprotocol == "streamlit"


def test_another_site_cannot_frame_it(server: Server, chromium: Browser) -> None:
    with elsewhere(f'<iframe src="{server.url}"></iframe>') as site, opened(chromium) as page:
        page.goto(site)
        (frame,) = page.main_frame.child_frames

        def is_refused() -> bool:
            page.title()  # meanwhile Playwright hears of the frame
            return frame.url.startswith("chrome-error:")

        until(is_refused, "the frame is refused")


# What the tests above use.


@contextmanager
def opened(chromium: Browser) -> Iterator[Page]:
    """A page that may have faults."""
    context = chromium.new_context()
    try:
        yield context.new_page()
    finally:
        context.close()


def stream(server: Server, origin: str | None) -> ClientConnection:
    """A websocket as a page of `origin` opens it."""
    return connect(f"ws://{server.address}/_stcore/stream", origin=origin, subprotocols=["streamlit"], proxy=None)
