"""What a page costs over the wire, as Chromium counts it."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

#: Milliseconds without a new request after which a page has loaded.
_QUIET = 1500


@dataclass
class Traffic:
    """The responses that a page has received since it was watched, with their headers, and its WebSocket's messages."""

    files: dict[str, int] = field(default_factory=dict)  # path → bytes; of those from the browser's cache none
    websocket: int = 0
    asked: int = 0

    @property
    def total(self) -> int:
        """Bytes of all responses."""
        return sum(self.files.values())

    def largest(self, count: int = 12) -> str:
        """The largest files, a line each."""
        most = sorted(self.files.items(), key=lambda each: -each[1])[:count]
        return "\n".join(f"{size:10,} {path}" for path, size in most)


def watch(page: Page) -> Traffic:
    """The traffic of the page from now on."""
    found, paths = Traffic(), dict[str, str]()
    client = page.context.new_cdp_session(page)

    def request(event: dict[str, Any]) -> None:
        found.asked += 1
        paths[event["requestId"]] = event["request"]["url"]

    def finished(event: dict[str, Any]) -> None:
        parts = urlsplit(paths.get(event["requestId"], ""))
        if event["encodedDataLength"] and parts.scheme in ("http", "https"):
            found.files[parts.path] = found.files.get(parts.path, 0) + int(event["encodedDataLength"])

    def frame(event: dict[str, Any]) -> None:
        data, binary = event["response"]["payloadData"], event["response"]["opcode"] == 2
        found.websocket += len(base64.b64decode(data) if binary else data.encode())

    client.on("Network.requestWillBeSent", request)
    client.on("Network.loadingFinished", finished)
    client.on("Network.webSocketFrameReceived", frame)
    client.send("Network.enable")
    return found


def until_quiet(page: Page, traffic: Traffic) -> None:
    """Wait until the page has loaded: it has asked for no file, and received none, for a while."""
    before = (-1, -1)
    while before != (now := (traffic.asked, len(traffic.files))):
        before = now
        page.wait_for_timeout(_QUIET)
