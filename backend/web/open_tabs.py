"""Bounds the WebSockets, one for each open tab, of a visitor and of a network. Streamlit has no bound."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from backend.addresses import network
from backend.web.cookie import visitor_in
from backend.web.notice import notice

log = logging.getLogger(__name__)

#: WebSockets of a visitor, and of all visitors in a network: several full rooms may share one address.
MOST_OF_VISITOR, MOST_OF_NETWORK = 40, 2000
#: The key of `counts` that counts every WebSocket.
ALL = "all"
#: Seconds after which the page of a refused visitor reloads: a tab that is loaded again still counts as open.
RETRY = 5


class OpenTabs:
    """Refuses a WebSocket of a visitor who has `MOST_OF_VISITOR`, with status 429 and a sentence.

    A page that this visitor opens would wait for its WebSocket in vain. So in place of a page the visitor gets one that
    says what to do, and that tries again after some seconds. `paths` are the paths of the pages. A network that has
    `MOST_OF_NETWORK` is treated in the same way. Clients without a cookie are limited by their network alone. `counts`
    has the open WebSockets by visitor and by network.
    """

    def __init__(self, app: ASGIApp, paths: Iterable[str] = (), counts: Counter[str] | None = None) -> None:
        self.app = app
        self.paths = frozenset(paths)
        self._open: Counter[str] = Counter() if counts is None else counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] in self.paths and (refusal := self._refusal(scope)):
            await _page(scope, refusal)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if sentence := self._refusal(scope):
            refusal = PlainTextResponse(sentence, 429, {"Retry-After": str(RETRY), "Cache-Control": "no-store"})
            log.warning("refused a WebSocket of a visitor or a network that has too many")
            await WebSocket(scope, receive, send).send_denial_response(refusal)
            return
        counted = [name for name in (ALL, _visitor(scope), _network_key(scope)) if name]
        self._open.update(counted)
        try:
            await self.app(scope, receive, send)
        finally:
            for name in counted:
                self._open[name] -= 1
                if not self._open[name]:
                    del self._open[name]

    def _refusal(self, scope: Scope) -> str | None:
        """Why this client gets no further WebSocket, in a sentence; None if it does."""
        visitor = _visitor(scope)
        if visitor is not None and self._open[visitor] >= MOST_OF_VISITOR:
            return f"You have {MOST_OF_VISITOR} tabs of Two Heads open, the most that are allowed. Close one of them."
        if self._open[_network_key(scope)] >= MOST_OF_NETWORK:
            return (
                f"Your network has {MOST_OF_NETWORK:,} tabs of Two Heads open, the most that are allowed. "
                "Close one of them."
            )
        return None


def _page(scope: Scope, refusal: str) -> ASGIApp:
    query = scope["query_string"].decode("latin-1")
    here = f"{scope['path']}?{query}" if query else scope["path"]
    sentence, headers = f"{refusal} This page then opens by itself.", {"Refresh": str(RETRY)}
    return notice("Too many open tabs", sentence, (here, "Try again"), 429, headers)


def _visitor(scope: Scope) -> str | None:
    return visitor_in(HTTPConnection(scope).cookies)


def _network_key(scope: Scope) -> str:
    client = scope.get("client")
    return f"network {network(str(client[0]) if client else '')}"
