"""Refuses websockets from other sites, and requests to addresses that no page here uses."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Container
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

log = logging.getLogger(__name__)

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class RequestFilter:
    """Refuses websockets with a missing or foreign Origin (403), and paths that are `closed` (404).

    An origin is ours if its host is the requested one, which a proxy has to pass on in Host, or if it is in `origins`.
    With `hosts`, only these names may be requested: another site's name that resolves to this server is refused.
    Streamlit's own check accepts requests without an Origin, and from any port of this machine. If Origin does not
    equal Host, Streamlit asks the Internet for this machine's address, which blocks the event loop. So the filter
    replaces Origin with one that equals Host.
    """

    def __init__(
        self, app: ASGIApp, closed: Callable[[str], bool], origins: Container[str] = (), hosts: Collection[str] = ()
    ) -> None:
        self.app = app
        self.origins = origins
        self.hosts = hosts
        self.closed = closed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            headers = Headers(scope=scope)
            if self._is_ours(headers):
                await self.app({**scope, "headers": _with_own_origin(headers)}, receive, send)
            else:
                await WebSocketClose(code=1008)(scope, receive, send)
        elif scope["type"] == "http" and self.closed(scope["path"]):
            await PlainTextResponse("Not Found", status_code=404)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _is_ours(self, headers: Headers) -> bool:
        origin, host = headers.get("origin", ""), headers.get("host", "")
        if (
            is_own_origin(headers, self.origins)
            and len(headers.getlist("host")) == 1
            and host_allowed(host, self.hosts)
        ):
            return True
        log.warning("refused a websocket: its origin is %.100r, its host %.100r", origin, host)
        return False


def _with_own_origin(headers: Headers) -> list[tuple[bytes, bytes]]:
    """The headers with an Origin that is equal to Host."""
    scheme = headers["origin"].partition("://")[0]
    origin = f"{scheme}://{headers['host']}".encode("latin-1")
    return [*((name, value) for name, value in headers.raw if name.lower() != b"origin"), (b"origin", origin)]


def host_allowed(host: str, names: Collection[str]) -> bool:
    """Whether `host` (the value of a header) is a valid host, and one of `names` if there are any.

    A name is compared without port and case; `*.example.org` matches all names below it.
    """
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname, parts.port  # raises if the port is not a number
    except ValueError:
        return False
    if parts.netloc != host or not name or "@" in host:
        return False
    name = name.rstrip(".")
    return not names or any(
        name.endswith(each[1:]) if each.startswith("*.") else name == each for each in map(str.lower, names)
    )


def is_own_origin(headers: Headers, origins: Container[str]) -> bool:
    """Whether the header Origin has the host and port of the header Host, or is one of our `origins`."""
    origin = headers.get("origin", "")
    return same_host(origin, headers.get("host", "")) or origin.lower().rstrip("/") in origins


def same_host(origin: str, host: str) -> bool:
    """Whether `origin` (the value of a header) has the host and port of the header Host."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    port = _DEFAULT_PORTS.get(parts.scheme)
    if port is None or not parts.netloc:
        return False
    return parts.netloc.lower().removesuffix(port) == host.lower().removesuffix(port)
