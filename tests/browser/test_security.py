"""The edge as a browser meets it: what a page may load, and who may frame it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from harness.local import until
from harness.server import Server
from tests.browser.contexts import Contexts
from tests.browser.site import elsewhere
from tests.browser.visit import DESK

pytestmark = pytest.mark.browser

HEADERS = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


def test_the_policy_is_enforced(server: Server, contexts: Contexts) -> None:
    """A script put into the page, text run as code, an image and an address from elsewhere: each is stopped."""
    with contexts.one(server.url, **DESK) as context:
        page = context.new_page()
        answer = page.goto(server.url)
        assert answer
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
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


def test_another_site_cannot_frame_it(server: Server, chromium: Browser) -> None:
    with elsewhere(f'<iframe src="{server.url}"></iframe>') as site, opened(chromium) as page:
        page.goto(site)
        (frame,) = page.main_frame.child_frames

        def is_refused() -> bool:
            page.title()  # meanwhile Playwright hears of the frame
            return frame.url.startswith("chrome-error:")

        until(is_refused, "the frame is refused")


@contextmanager
def opened(chromium: Browser) -> Iterator[Page]:
    """A page that may have faults."""
    context = chromium.new_context()
    try:
        yield context.new_page()
    finally:
        context.close()
