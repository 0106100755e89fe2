"""The visitor's cookie: a random pseudonym that no script and no other site gets."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "two_heads_visitor"
#: Names the visitor of a websocket to Streamlit (`server.trustedUserHeaders`); what a client sends here is dropped.
HEADER = "x-two-heads-visitor"
_SECONDS = 24 * 3600
_FORM = re.compile(r"[A-Za-z0-9_-]{32}")


def new_visitor() -> str:
    """A pseudonym that cannot be guessed."""
    return secrets.token_urlsafe(24)


def visitor_in(cookies: Mapping[str, str]) -> str | None:
    """The visitor that a request's cookies name; None without a cookie, or with one that cannot be ours."""
    value = cookies.get(COOKIE)
    return value if isinstance(value, str) and _FORM.fullmatch(value) else None


class VisitorCookie:
    """Sets the visitor's cookie on the page itself, where there is none yet or one that cannot be ours.

    A websocket gets `HEADER` with its visitor, and Streamlit resumes a session only for the visitor who began it: a
    session's id alone is not enough. Without a cookie the header is new each time, so such a session is never resumed.

    With `framed`, other sites may show the app in a frame. Browsers keep a cookie from there only with SameSite=None,
    on https; Partitioned gives it a jar for each such site, so that none learns who comes by another. A browser that
    keeps none all the same, or plain http, leaves the session as the visitor: a refresh or a
    lost connection then forgets the runs.
    """

    def __init__(self, app: ASGIApp, framed: bool = False) -> None:
        self.app = app
        self.framed = framed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        visitor = visitor_in(HTTPConnection(scope).cookies) if scope["type"] in ("http", "websocket") else None
        if scope["type"] == "websocket":
            scope = {**scope, "headers": _named(scope["headers"], visitor or new_visitor())}
        if scope["type"] != "http" or visitor is not None:
            await self.app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("set-cookie", self._cookie(scope["scheme"] == "https"))
            await send(message)

        await self.app(scope, receive, send_with_cookie)

    def _cookie(self, https: bool) -> str:
        cookie = f"{COOKIE}={new_visitor()}; Path=/; Max-Age={_SECONDS}; HttpOnly"
        if self.framed:
            return f"{cookie}; SameSite=None; Secure; Partitioned"
        return f"{cookie}; SameSite=Lax" + ("; Secure" if https else "")


def _named(headers: Iterable[tuple[bytes, bytes]], visitor: str) -> list[tuple[bytes, bytes]]:
    """The headers with `HEADER` set to the visitor, in place of any that the client sent."""
    return [
        *((name, value) for name, value in headers if name.lower() != HEADER.encode()),
        (HEADER.encode(), visitor.encode()),
    ]
