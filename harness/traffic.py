"""What a page costs over the wire, as Chromium counts it."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

#: Resolves when the browser is idle and no font is on its way: by then, what has just arrived has sent its requests.
_IDLE = """() => new Promise((done) => requestIdleCallback(() => requestIdleCallback(done)))
  .then(() => document.fonts.ready).then(() => null)"""


@dataclass
class Traffic:
    """The responses that a page has received since it was watched, with their headers, and its WebSocket's messages."""

    files: dict[str, int] = field(default_factory=dict)  # path → bytes, without files from the browser's cache
    websocket: int = 0
    requests: int = 0
    open: set[str] = field(default_factory=set)  # requests without a whole response, except streams

    @property
    def total(self) -> int:
        """Bytes of all responses."""
        return sum(self.files.values())

    def largest(self, count: int = 12) -> str:
        """The largest files, a line each."""
        most = sorted(self.files.items(), key=lambda each: -each[1])[:count]
        return "\n".join(f"{size:10,} {path}" for path, size in most)


def watch(page: Page) -> Traffic:
    """The traffic of the page, counted from now on."""
    traffic, paths = Traffic(), dict[str, str]()
    client = page.context.new_cdp_session(page)

    def request(event: dict[str, Any]) -> None:
        traffic.requests += 1
        paths[event["requestId"]] = event["request"]["url"]
        if event.get("type") not in ("EventSource", "WebSocket"):
            traffic.open.add(event["requestId"])

    def failed(event: dict[str, Any]) -> None:
        traffic.open.discard(event["requestId"])

    def finished(event: dict[str, Any]) -> None:
        traffic.open.discard(event["requestId"])
        parts = urlsplit(paths.get(event["requestId"], ""))
        if event["encodedDataLength"] and parts.scheme in ("http", "https"):
            traffic.files[parts.path] = traffic.files.get(parts.path, 0) + int(event["encodedDataLength"])

    def frame(event: dict[str, Any]) -> None:
        data, binary = event["response"]["payloadData"], event["response"]["opcode"] == 2
        traffic.websocket += len(base64.b64decode(data) if binary else data.encode())

    client.on("Network.requestWillBeSent", request)
    client.on("Network.loadingFinished", finished)
    client.on("Network.loadingFailed", failed)
    client.on("Network.webSocketFrameReceived", frame)
    client.send("Network.enable")
    return traffic


def until_quiet(page: Page, traffic: Traffic) -> None:
    """Wait until the page has loaded: each request has its response, and the idle browser requests nothing else."""
    before = -1
    while traffic.open or before != traffic.requests:
        before = traffic.requests
        page.evaluate(_IDLE)
