"""Who gets in: websockets from our own pages alone, and none of Streamlit's doors that no page here uses."""

from __future__ import annotations

import logging
from collections.abc import Container
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

log = logging.getLogger(__name__)

_METRICS = "/_stcore/metrics"
#: No page here takes a file, and what is sent is kept in memory, asked for or not.
_UPLOAD = "/_stcore/upload_file"
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class Gate:
    """Refuses websockets with a missing or foreign Origin (403), uploads, and metrics unless `metrics` (404).

    Ours is the origin whose host is the one asked for, which a proxy has to pass on in Host, and each of `origins`.
    Streamlit's own check lets in requests without an Origin and any port of this machine, and asks a server on the
    Internet for its own address when it meets another origin: behind this one that happens for `origins` at most.
    """

    def __init__(self, app: ASGIApp, origins: Container[str] = (), metrics: bool = False) -> None:
        self.app = app
        self.origins = origins
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and not self._ours(Headers(scope=scope)):
            await WebSocketClose(code=1008)(scope, receive, send)
        elif scope["type"] == "http" and self._closed(scope["path"]):
            await PlainTextResponse("Not Found", status_code=404)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _closed(self, path: str) -> bool:
        return _UPLOAD in path or (not self.metrics and path.rstrip("/").endswith(_METRICS))

    def _ours(self, headers: Headers) -> bool:
        origin, host = headers.get("origin", ""), headers.get("host", "")
        if same_host(origin, host) or origin.lower().rstrip("/") in self.origins:
            return True
        log.warning("refused a websocket: its origin is %.100r, its host %.100r", origin, host)
        return False


def same_host(origin: str, host: str) -> bool:
    """Whether `origin` (a header's value) is of the server that the header Host names, its port included."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    port = _DEFAULT_PORTS.get(parts.scheme)
    if port is None or not parts.netloc:
        return False
    return parts.netloc.lower().removesuffix(port) == host.lower().removesuffix(port)
