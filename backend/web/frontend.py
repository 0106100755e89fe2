"""Our HTML in place of the one that Streamlit sends for each page."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from cachetools import LRUCache
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.web.encodings import ENCODERS, best_encoding
from backend.web.known_pages import other_html
from backend.web.request_filter import host_allowed

#: Stands in a page for the scheme and host of the app, which a link preview has to name. A line with it is left out
#: if the request names no host of ours.
ORIGIN = "{two-heads-origin}"
_LINE_WITH_ORIGIN = re.compile(rf"\n[^\n]*{re.escape(ORIGIN)}[^\n]*")
#: A name or an address, and a port: nothing that HTML could read as markup.
_HOST = re.compile(r"([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?")
#: The most pages that are kept compressed: each for an origin and an encoding.
_KEPT = 256


class Frontend:
    """Sends `page` in place of the index.html that `app` sends for every page of the app.

    `others` has the pages with another HTML, by the last part of their path. `hosts` are the names that visitors may
    request; empty for any. `base` is the app's base path; other HTML below it is not replaced.

    Each page is compressed once, for each encoding and each origin. It contains nothing of the visitor, and of the
    request only the origin, so its size reveals nothing about the other content of the connection.
    """

    def __init__(
        self, app: ASGIApp, page: str, others: Mapping[str, str] | None = None, hosts: Collection[str] = (),
        base: str = "",
    ) -> None:  # fmt: skip
        self.app = app
        self.page = page
        self.others = dict(others or {})
        self.hosts = hosts
        self._other_html = other_html(base)
        self._encoded: LRUCache[tuple[str, str | None, str | None], bytes] = LRUCache(_KEPT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or f"{scope['path']}/".startswith(self._other_html):
            await self.app(scope, receive, send)
            return

        replaced = False
        headers = Headers(scope=scope)
        encoding = best_encoding(headers.get("accept-encoding", ""))
        body = self._body(scope["path"].rpartition("/")[2], self._origin(scope["scheme"], headers), encoding)

        async def send_page(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                replaced = message["status"] == 200 and headers.get("content-type", "").startswith("text/html")
                if replaced:
                    for name in ("content-encoding", "etag", "last-modified", "accept-ranges", "vary"):
                        del headers[name]
                    headers["content-length"] = str(len(body))
                    headers["vary"] = "Accept-Encoding"
                    if encoding is not None:
                        headers["content-encoding"] = encoding
            elif replaced:
                if message.get("more_body"):
                    return
                message = {"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body}
            await send(message)

        await self.app(scope, receive, send_page)

    def _origin(self, scheme: str, headers: Headers) -> str | None:
        """The origin that the request names; None unless it is one that visitors may request."""
        named = headers.getlist("host")
        if len(named) != 1 or not _HOST.fullmatch(named[0]) or not host_allowed(named[0], self.hosts):
            return None
        return f"{scheme}://{named[0].lower()}"

    def _body(self, name: str, origin: str | None, encoding: str | None) -> bytes:
        """The page of that name, for an origin (None: without one) and in an encoding (None: uncompressed)."""
        key = (name if name in self.others else "", origin, encoding)
        body = self._encoded.get(key)
        if body is None:
            page = with_origin(self.others.get(name, self.page), origin).encode()
            body = self._encoded[key] = ENCODERS[encoding](page) if encoding else page
        return body


def with_origin(page: str, origin: str | None) -> str:
    """`page` with the origin in place of `ORIGIN`; if it is None, without the lines that contain `ORIGIN`."""
    return _LINE_WITH_ORIGIN.sub("", page) if origin is None else page.replace(ORIGIN, origin)
