"""The visitor's cookie: a random pseudonym that scripts and other sites cannot read."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "two_heads_visitor"
#: The browser sets it once it has shown the introduction (`components/browser/page.js`).
STORY = "two_heads_story"
#: Passes the visitor of a websocket to Streamlit (`server.trustedUserHeaders`). A value from the client is dropped.
HEADER = "x-two-heads-visitor"
#: Browsers keep no cookie longer than 400 days.
VISITOR_SECONDS = 400 * 24 * 3600
_FORM = re.compile(r"[A-Za-z0-9_-]{32}")


def new_visitor() -> str:
    """A pseudonym that cannot be guessed."""
    return secrets.token_urlsafe(24)


def visitor_in(cookies: Mapping[str, str]) -> str | None:
    """The visitor named by the cookies of a request; None without a cookie, or if its form is not ours."""
    value = cookies.get(COOKIE)
    return value if isinstance(value, str) and _FORM.fullmatch(value) else None


def set_cookie(name: str, value: str, seconds: int, *, path: str = "/", framed: bool, https: bool) -> str:
    """A `Set-Cookie` header that no script can read. `framed` says whether other sites may show the app in a frame."""
    where = "SameSite=None; Secure; Partitioned" if framed else "SameSite=Lax" + ("; Secure" if https else "")
    return f"{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; {where}"


class VisitorCookie:
    """Sets the visitor's cookie with the page itself: the same one again, or a new one if its form is not ours.

    The cookie lasts as long as browsers keep one, from the last page on: a visitor may come back to saved runs and
    rooms. No cache may keep the page, because it would give one visitor's cookie to another.

    A websocket gets `HEADER` with its visitor, and Streamlit resumes a session only for the visitor who started it: the
    id of a session is not enough. Without a cookie the header is new each time, so such a session is never resumed.

    With `framed`, other sites may show the app in a frame. Browsers store a cookie there only with SameSite=None, on
    https; Partitioned separates the cookies of each such site, so that no site can recognise a visitor of another. If
    the browser stores none, or on plain http, the session itself is the visitor: after a refresh or a lost connection
    the runs are not found again.
    """

    def __init__(self, app: ASGIApp, framed: bool = False) -> None:
        self.app = app
        self.framed = framed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        visitor = visitor_in(HTTPConnection(scope).cookies) if scope["type"] in ("http", "websocket") else None
        if scope["type"] == "websocket":
            scope = {**scope, "headers": _with_visitor(scope["headers"], visitor or new_visitor())}
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                html = headers.get("content-type", "").startswith("text/html")
                if html and message["status"] == 200:
                    headers.append("set-cookie", self._cookie(visitor or new_visitor(), scope["scheme"] == "https"))
                    headers["cache-control"] = "private, no-store"
            await send(message)

        await self.app(scope, receive, send_with_cookie)

    def _cookie(self, visitor: str, https: bool) -> str:
        return set_cookie(COOKIE, visitor, VISITOR_SECONDS, framed=self.framed, https=https)


def _with_visitor(headers: Iterable[tuple[bytes, bytes]], visitor: str) -> list[tuple[bytes, bytes]]:
    """The headers with `HEADER` set to the visitor; any that the client sent is dropped."""
    return [
        *((name, value) for name, value in headers if name.lower() != HEADER.encode()),
        (HEADER.encode(), visitor.encode()),
    ]
