"""What a page costs over the wire, as Chromium counts it."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Page, Request

#: Resolves when the browser is idle and no font is on its way: by then, what has just arrived has sent its requests.
_IDLE = """() => new Promise((done) => requestIdleCallback(() => requestIdleCallback(done)))
  .then(() => document.fonts.ready).then(() => null)"""


class Traffic:
    """The responses that a page receives from now on, with their headers, and its WebSocket's messages."""

    def __init__(self, page: Page) -> None:
        self.websocket = self.requests = 0
        self._page = page
        self._open: set[Request] = set()  # those without a whole response, except streams
        self._finished: list[Request] = []
        page.on("request", self._begin)
        page.on("requestfinished", self._finish)
        page.on("requestfailed", lambda request: self._open.discard(request))
        page.on("websocket", lambda socket: socket.on("framereceived", self._receive))

    @property
    def files(self) -> dict[str, int]:
        """The bytes of each path, without files from the browser's cache."""
        found: dict[str, int] = {}
        for request in self._finished:
            sizes, parts = request.sizes(), urlsplit(request.url)
            size = sizes["responseBodySize"] + sizes["responseHeadersSize"]
            if size and parts.scheme in ("http", "https"):
                found[parts.path] = found.get(parts.path, 0) + size
        return found

    @property
    def total(self) -> int:
        """Bytes of all responses."""
        return sum(self.files.values())

    def largest(self, count: int = 12) -> str:
        """The largest files, a line each."""
        most = sorted(self.files.items(), key=lambda each: -each[1])[:count]
        return "\n".join(f"{size:10,} {path}" for path, size in most)

    def until_quiet(self) -> None:
        """Wait until the page has loaded: each request has its response, and the idle browser requests nothing else."""
        before = -1
        while self._open or before != self.requests:
            before = self.requests
            self._page.evaluate(_IDLE)

    def _begin(self, request: Request) -> None:
        self.requests += 1
        if request.resource_type != "eventsource":
            self._open.add(request)

    def _finish(self, request: Request) -> None:
        self._open.discard(request)
        self._finished.append(request)

    def _receive(self, message: bytes | str) -> None:
        self.websocket += len(message if isinstance(message, bytes) else message.encode())
