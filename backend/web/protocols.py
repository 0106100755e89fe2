"""uvicorn's protocols for HTTP and WebSockets, with bounds for a request. They report connections to `Connections`."""

from __future__ import annotations

import asyncio
import logging
import signal
from http import HTTPStatus
from typing import NoReturn

from starlette.datastructures import Headers
from uvicorn import Server
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from backend.web.connections import Connections

log = logging.getLogger(__name__)

#: The most bytes and lines of a request head, and the most bytes of a body. The largest body is a question of a phone:
#: CSV files and models come over the WebSocket, and no page uses Streamlit's uploads, which are closed.
MOST_HEAD, MOST_LINES, MOST_BODY = 65_536, 100, 8192
#: The most connections that wait in the kernel, which bounds them by `net.core.somaxconn`, too.
QUEUE = 2048
_BODY_TOO_LARGE, _HEAD_TOO_LARGE = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
#: Why a request is refused, by its status.
_SENTENCES = {
    HTTPStatus.BAD_REQUEST: "This is no HTTP request, or its head does not name one host.",
    _BODY_TOO_LARGE: f"The body of a request may have {MOST_BODY:,} bytes.",
    _HEAD_TOO_LARGE: f"The head of a request may have {MOST_HEAD:,} bytes and {MOST_LINES} lines.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The server takes no more connections from here now. Try again in a moment.",
}


def _refusal(status: HTTPStatus) -> bytes:
    """The response that refuses a request. It ends the connection."""
    again = "retry-after: 5\r\n" if status == HTTPStatus.SERVICE_UNAVAILABLE else ""
    text = _SENTENCES[status]
    return (
        f"HTTP/1.1 {status} {status.phrase}\r\ncontent-type: text/plain; charset=utf-8\r\ncache-control: no-store\r\n"
        f"{again}connection: close\r\ncontent-length: {len(text)}\r\n\r\n{text}"
    ).encode()


class _Stopped(Exception):
    """Ends the parsing of a request that is refused."""


class Http(HttpToolsProtocol):
    """uvicorn's protocol, which reports each connection to `bound`.

    A request that is too large, or does not name one host, is refused. What else the client sends on this connection is
    dropped: if it was left unread, the kernel would reset the connection, and the client would not see the response.
    """

    bound: Connections
    #: Bytes of the request that has not come wholly, and those of its header lines and of its body that are parsed.
    received = head = body = 0
    in_body = refused = False
    status = HTTPStatus.BAD_REQUEST  # of the refusal, if the parsing ends early

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if not self.bound.opened(transport, self.client[0] if self.client else ""):
            transport.write(_refusal(HTTPStatus.SERVICE_UNAVAILABLE))
            transport.close()

    def data_received(self, data: bytes) -> None:
        """Parse what was received. After a refusal it is dropped."""
        if self.refused:
            return
        if self.received > MOST_HEAD + MOST_BODY:  # the parser keeps a line until it ends
            self.refuse(_BODY_TOO_LARGE if self.in_body else _HEAD_TOO_LARGE)
            return
        self.received += len(data)
        super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """Refuse the request that could not be parsed."""
        self.refuse(self.status)

    def refuse(self, status: HTTPStatus) -> None:
        """Respond with that status, and drop what else the client sends."""
        self.refused = True
        cycle = self.cycle
        served = cycle is not None and not cycle.response_complete
        self.bound.idle(self.transport)
        if self.pipeline or (served and cycle.response_started):
            self.transport.close()  # the client reads another response
            return
        if served:
            cycle.disconnected = True
            cycle.message_event.set()
        if served or not self.in_body:  # otherwise the request has its response
            self.transport.write(_refusal(status))
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def stop(self, status: HTTPStatus) -> NoReturn:
        """Refuse the request that is being parsed."""
        self.status = status
        raise _Stopped

    def on_message_begin(self) -> None:
        self.head = self.body = 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self.head += len(name) + len(value)
        if len(self.url) + self.head > MOST_HEAD or len(self.headers) > MOST_LINES:
            self.stop(_HEAD_TOO_LARGE)

    def on_headers_complete(self) -> None:
        headers = Headers(raw=self.headers)
        hosts = len(headers.getlist("host"))
        if hosts > 1 or (not hosts and self.parser.get_http_version() == "1.1"):
            self.stop(HTTPStatus.BAD_REQUEST)
        if int(headers.get("content-length", 0)) > MOST_BODY:
            self.stop(_BODY_TOO_LARGE)
        self.in_body = True
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self.body += len(body)
        if self.body > MOST_BODY:
            self.stop(_BODY_TOO_LARGE)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self.received, self.in_body = 0, False
        super().on_message_complete()
        if self.cycle is not None and not self.cycle.response_complete:
            self.bound.busy(self.transport)

    def handle_websocket_upgrade(self) -> None:
        self.bound.busy(self.transport)
        super().handle_websocket_upgrade()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete or self.in_body:
            self.bound.idle(self.transport)

    def pause_writing(self) -> None:
        super().pause_writing()
        self.bound.paused(self.transport, True)

    def resume_writing(self) -> None:
        super().resume_writing()
        self.bound.paused(self.transport, False)

    def connection_lost(self, exc: Exception | None) -> None:
        self.bound.closed(self.transport)
        super().connection_lost(exc)


class WebSocket(WebSocketsSansIOProtocol):
    """uvicorn's protocol, which tells `bound` the end of each connection."""

    bound: Connections

    def connection_lost(self, exc: Exception | None) -> None:
        self.bound.closed(self.transport)
        super().connection_lost(exc)


def protocols(connections: Connections) -> tuple[type[Http], type[WebSocket]]:
    """The protocols that report to `connections`."""

    class BoundHttp(Http):
        bound = connections

    class BoundWebSocket(WebSocket):
        bound = connections

    return BoundHttp, BoundWebSocket


def install(connections: Connections) -> None:
    """Have the server whose lifespan begins use the protocols, and a queue that its descriptors are enough for.

    Streamlit starts uvicorn without a choice of the protocols. uvicorn's handler of SIGTERM is a method of its server,
    and the server reads its configuration only after the lifespan has begun. If it is not found, the log says so.
    """
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    if isinstance(server, Server):
        config = server.config
        config.http_protocol_class, config.ws_protocol_class = protocols(connections)
        connections.proxies = getattr(config.loaded_app, "trusted_hosts", ())  # who may name a visitor's address
        # All connections that wait in the kernel are accepted before the first of them is counted.
        config.backlog = min(QUEUE, connections.spare)
    else:
        log.error("uvicorn's server was not found: nothing bounds connections, nor the size of a request")
