"""Our HTML for each page, and “Page not found” for other paths, which Streamlit answers with its index.html as well."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.web.encodings import ENCODERS, best_encoding
from backend.web.notice import notice

#: Stands in a page for the scheme and host of the app, which a link preview has to name. A line with it is left out
#: if the request does not name a host.
ORIGIN = "{two-heads-origin}"
_LINE_WITH_ORIGIN = re.compile(rf"\n[^\n]*{re.escape(ORIGIN)}[^\n]*")
#: A name or an address, and a port: nothing that HTML could read as markup.
_HOST = re.compile(r"([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?")
#: The most pages that are kept compressed: each for an origin and an encoding.
_KEPT = 256


class Frontend:
    """Sends each of `pages` by its path, and “Page not found” where `app` sends a page of Streamlit's files.

    `prefix` is the app's base path.

    Each page is compressed once, for each encoding and each origin. It contains nothing of the visitor, and of the
    request only the origin, so its size reveals nothing about the other content of the connection.
    """

    def __init__(self, app: ASGIApp, pages: Mapping[str, str], prefix: str = "") -> None:
        self.app = app
        self.pages = pages
        self.first_page = f"{prefix}/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"] in self.pages and scope["method"] in ("GET", "HEAD"):
            await self._page(scope)(scope, receive, send)
            return

        unknown = False

        async def send_known(message: Message) -> None:
            nonlocal unknown
            if message["type"] == "http.response.start":
                html = Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")
                # The router has stored in `scope` who responds.
                unknown = html and message["status"] == 200 and isinstance(scope.get("endpoint"), StaticFiles)
                if unknown:
                    sentence = "There is no page at this address. Check the link, or begin at the first page."
                    link = (self.first_page, "Open Two Heads")
                    await notice("Page not found", sentence, link, 404)(scope, receive, send)
            if not unknown:
                await send(message)

        await self.app(scope, receive, send_known)

    def _page(self, scope: Scope) -> Response:
        headers = Headers(scope=scope)
        encoding, origin = best_encoding(headers.get("accept-encoding", "")), _origin(scope["scheme"], headers)
        body = _encoded(self.pages[scope["path"]], origin, encoding)
        encoded = {"Content-Encoding": encoding} if encoding else {}
        return Response(body, media_type="text/html", headers={"Vary": "Accept-Encoding", **encoded})


@lru_cache(_KEPT)
def _encoded(page: str, origin: str | None, encoding: str | None) -> bytes:
    return ENCODERS[encoding](with_origin(page, origin).encode())


def _origin(scheme: str, headers: Headers) -> str | None:
    """The origin that the request names; None if it is no name or address."""
    host = headers.get("host", "")
    return f"{scheme}://{host.lower()}" if _HOST.fullmatch(host) else None


def with_origin(page: str, origin: str | None) -> str:
    """`page` with the origin in place of `ORIGIN`; if it is None, without the lines that contain `ORIGIN`."""
    return _LINE_WITH_ORIGIN.sub("", page) if origin is None else page.replace(ORIGIN, origin)
