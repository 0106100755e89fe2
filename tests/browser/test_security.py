"""The edge as a browser meets it: what a page may load, and who may frame it."""

from __future__ import annotations

import pytest

from harness.server import Server
from tests.browser.contexts import Contexts
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
