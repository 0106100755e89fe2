"""Streamlit's page with two scripts added: one gives the frontend the server's address, the other is our own.

Without the first the frontend guesses: opened at `/train`, it first requests `/train/_stcore/health` and
`/train/_stcore/host-config`, and the browser logs two 404s before it requests the parent path.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.web.encodings import ENCODERS, best_encoding

#: The path of a page is always one name below the app's base; index.html loads `./static` from there too.
_ADDRESS = '<script>window.__streamlit = { BACKEND_BASE_URL: new URL(".", window.location.href).href }</script>'
_HEAD = "<head>"
#: Streamlit's own font is 170 KB of each first load. Our theme does not use it, but what Streamlit draws before it has
#: the theme does. Of two faces with the same name and weights, browsers use the later one (CSS Fonts 4, 5.2).
_FONT = re.compile(r'<link\s+rel="preload"\s[^>]*\bas="font"[^>]*>\s*')
_LOCAL_FONT = """  <style>
      @font-face {
        font-family: "Source Sans";
        font-weight: 100 900;
        src: local("Arial"), local("Helvetica"), local("Roboto"), local("Liberation Sans"), local("DejaVu Sans");
      }
    </style>
"""
_END = "</head>"
#: Paths of other HTML that Streamlit may serve: visitors' downloads and the frames of components.
_OTHER_HTML = ("/media/", "/component/")


def with_scripts(index_html: str, own: str, look: str = "") -> str:
    """`index_html` with the server's address and our script `own` before all others, and then `look`; without its font.

    `own` is the script's file name, relative to a page. `look` is HTML for the head: style sheet and fonts are loaded
    before the first element, so that no element moves when they come. Raises ValueError if there is no head.
    """
    start, head, rest = index_html.partition(_HEAD)
    if not head:
        raise ValueError(f"Streamlit's index.html has no {_HEAD}")
    rest = _FONT.sub("", rest).replace(_END, f"{_LOCAL_FONT}  {_END}", 1)
    return f'{start}{head}\n    {_ADDRESS}\n    <script src="./{own}"></script>{look}{rest}'


class Frontend:
    """Sends `page` in place of the index.html that `app` sends for every page of the app.

    `others` has the pages with another HTML, by the last part of their path.

    It is compressed once, for each encoding. It contains nothing of the visitor or of the request, so its size reveals
    nothing about the other content of the connection.
    """

    def __init__(self, app: ASGIApp, page: str, others: Mapping[str, str] | None = None) -> None:
        self.app = app
        self.page = _encodings_of(page)
        self.others = {name: _encodings_of(other) for name, other in (others or {}).items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or any(path in scope["path"] for path in _OTHER_HTML):
            await self.app(scope, receive, send)
            return

        replaced = False
        encoding = best_encoding(Headers(scope=scope).get("accept-encoding", ""))
        body = self.others.get(scope["path"].rpartition("/")[2], self.page)[encoding]

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


def _encodings_of(page: str) -> dict[str | None, bytes]:
    """The page in each encoding; None stands for none."""
    content = page.encode()
    return {None: content, **{name: encode(content) for name, encode in ENCODERS.items()}}
