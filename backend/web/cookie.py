"""The visitor's cookie: a random pseudonym that no script and no other site gets."""

from __future__ import annotations

import secrets

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "two_heads_visitor"
_SECONDS = 24 * 3600


def new_visitor() -> str:
    """A pseudonym that cannot be guessed."""
    return secrets.token_urlsafe(24)


class VisitorCookie:
    """Sets the visitor's cookie on the page itself, where there is none yet.

    With `framed`, other sites may show the app in a frame. Browsers keep a cookie from there only with SameSite=None,
    on https; Partitioned gives it a jar for each such site, so that none learns who comes by another. A browser that
    keeps none all the same, or plain http, leaves the session as the visitor: a refresh then forgets the runs.
    """

    def __init__(self, app: ASGIApp, framed: bool = False) -> None:
        self.app = app
        self.framed = framed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or COOKIE in Request(scope).cookies:
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
