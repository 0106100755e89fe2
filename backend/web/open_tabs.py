"""Bounds what a visitor and a network have open: WebSockets, one for each tab, and requests. Streamlit has no bound."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager

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

    `requests` says how many requests of one network are served at once, also of one behind a proxy. A further one gets
    status 503.
    """

    def __init__(
        self,
        app: ASGIApp,
        paths: Container[str] = (),
        counts: Counter[str] | None = None,
        requests: Callable[[], float] = lambda: float("inf"),
    ) -> None:
        self.app = app
        self.paths = paths
        self.requests = requests
        self._open: Counter[str] = Counter() if counts is None else counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if sentence := self._refusal(scope):
            log.warning("refused a WebSocket of a visitor or a network that has too many")
            await WebSocket(scope, receive, send).send_denial_response(_refused(sentence, 429))
            return
        with self._counted(ALL, _visitor(scope), _network_key(scope)):
            await self.app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        requests = f"requests of {_network_key(scope)}"
        if scope["path"] in self.paths and (refusal := self._refusal(scope)):
            await _page(scope, refusal)(scope, receive, send)
        elif self._open[requests] >= self.requests():
            log.warning("refused a request of a network that has too many")
            await _refused("The server takes no more requests of your network now.", 503)(scope, receive, send)
        else:
            with self._counted(requests):
                await self.app(scope, receive, send)

    @contextmanager
    def _counted(self, *names: str | None) -> Iterator[None]:
        counted = [name for name in names if name]
        self._open.update(counted)
        try:
            yield
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


def _refused(sentence: str, status: int) -> PlainTextResponse:
    return PlainTextResponse(sentence, status, {"Retry-After": str(RETRY), "Cache-Control": "no-store"})


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
