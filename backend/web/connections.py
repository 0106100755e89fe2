"""Bounds the connections of the server, and closes those that request nothing. uvicorn does neither.

Otherwise one client could open connections, send nothing, and take all file descriptors: nobody else would be served.
"""

from __future__ import annotations

import asyncio
import logging
import os
import select
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from uvicorn import Server
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from backend.addresses import network
from backend.web.descriptors import raise_limit
from backend.web.listener import Listener
from backend.web.rare_log import RareLog

log = logging.getLogger(__name__)

#: Seconds that a client has for a whole request head, after it has connected or after its last response.
PATIENCE = 10.0
#: Seconds after which a client that reads nothing of what is sent to it is disconnected.
STALLED = 30.0
#: The most connections, however many descriptors there are: each takes some memory.
MOST = 20_000
#: How many connections are accepted at once, before any of them is counted.
AT_ONCE = 64
#: The share of descriptors that is reserved, with the fewest and the most; and how many of the reserved ones are for
#: files, the database and the workers. The rest is for connections that are accepted at once.
RESERVE, LEAST_RESERVE, MOST_RESERVE, OTHERS = 1 / 8, 128, 2080, 32
#: The share of all connections that one network may have.
SHARE = 0.75
#: How many idle connections are searched for one that may be closed.
_SEARCHED = 64
_SENTENCE = b"The server takes no more connections from here now. Try again in a moment."
_REFUSAL = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\ncache-control: no-store\r\n"
    b"retry-after: 5\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%b" % (len(_SENTENCE), _SENTENCE)
)


@dataclass(eq=False)
class Connection:
    """An open connection. It is `idle` while no request is served, and `paused` while the client has much to read."""

    transport: asyncio.Transport
    network: str
    idle: bool = False
    paused: bool = False
    next_check: asyncio.TimerHandle | None = None  # while it is idle or paused
    unsent: int = 0  # bytes, at the last check
    last_read: float = 0.0  # when the client last read something, as far as checks have shown


class Connections:
    """The open connections of this server, on its event loop.

    If `MOST` are open, or the process's limit of open files is nearly reached, a new connection takes the place of the
    one that has been idle for longest, of the network with most idle ones. If none is idle, the new one is refused with
    status 503. A network that has its share of all connections is treated in the same way, except for a proxy, whose
    connections are those of many visitors: `is_proxy` tells whether an address is that of a proxy.

    For uvicorn a response has ended as soon as its last byte waits to be sent. A slow client gets all of it, but a
    client that reads nothing for `stalled` seconds is disconnected.
    """

    def __init__(
        self,
        is_proxy: Callable[[str], bool] = lambda address: False,
        patience: float = PATIENCE,
        stalled: float = STALLED,
    ) -> None:
        self.most = self.last = self.spare = MOST
        self.patience, self.stalled = patience, stalled
        self._is_proxy = is_proxy
        self._open: dict[asyncio.Transport, Connection] = {}
        self._of_network: Counter[str] = Counter()
        self._idle: dict[str, dict[Connection, None]] = {}  # of each network, the longest idle one first
        self._refused = RareLog(log)

    def set_limit(self, limit: int) -> None:
        """Set the bounds for a process that may open `limit` files and connections.

        `spare` of them are reserved for connections that are accepted at once.
        """
        reserve = min(max(round(RESERVE * limit), LEAST_RESERVE), MOST_RESERVE, limit // 2)
        self.last, self.spare = limit - reserve, max(reserve - OTHERS, 1)
        self.most = min(self.last, MOST)

    @property
    def count(self) -> int:
        """How many connections are open."""
        return len(self._open)

    def opened(self, transport: asyncio.Transport, address: str) -> bool:
        """Add the connection of a client at that address, or refuse it and return False."""
        of_network = network(address)
        if not self._make_place(transport, of_network, self._is_proxy(address)):
            self._refuse(transport, of_network)
            return False
        self._open[transport] = Connection(transport, of_network)
        self._of_network[of_network] += 1
        self.idle(transport)
        return True

    def idle(self, transport: asyncio.Transport) -> None:
        """Expect a request from the client, once it has read what is still being sent to it."""
        connection = self._open.get(transport)
        if connection is not None and not connection.idle:
            connection.idle = True
            self._idle.setdefault(connection.network, {})[connection] = None
            self._watch(connection)

    def busy(self, transport: asyncio.Transport) -> None:
        """Expect no request, because the client has sent a request head."""
        connection = self._open.get(transport)
        if connection is not None and connection.idle:
            connection.idle = False
            waiting = self._idle[connection.network]
            del waiting[connection]
            if not waiting:
                del self._idle[connection.network]
            self._unwatch(connection)

    def paused(self, transport: asyncio.Transport, paused: bool) -> None:
        """Watch whether the client reads while uvicorn, with much unsent, writes no more; stop if not `paused`."""
        connection = self._open.get(transport)
        if connection is not None:
            connection.paused = paused
            (self._watch if paused else self._unwatch)(connection)

    def closed(self, transport: asyncio.Transport) -> None:
        """Remove a connection that has ended."""
        self.busy(transport)
        connection = self._open.pop(transport, None)
        if connection is not None:
            connection.paused = False
            self._unwatch(connection)
            self._of_network[connection.network] -= 1
            if not self._of_network[connection.network]:
                del self._of_network[connection.network]

    def _watch(self, connection: Connection) -> None:
        loop = asyncio.get_running_loop()
        if connection.next_check is not None:
            connection.next_check.cancel()
        connection.unsent, connection.last_read = connection.transport.get_write_buffer_size(), loop.time()
        connection.next_check = loop.call_later(self.patience, self._check, connection)

    def _unwatch(self, connection: Connection) -> None:
        if connection.next_check is not None and not (connection.idle or connection.paused):
            connection.next_check.cancel()
            connection.next_check = None

    def _check(self, connection: Connection) -> None:
        """Disconnect the client if it has neither sent a request nor read anything in time; or look again later."""
        loop, transport = asyncio.get_running_loop(), connection.transport
        unsent = transport.get_write_buffer_size()
        if not unsent and not connection.unsent and connection.idle:
            transport.close()  # not abort: with TLS, some data that waits to be sent is not counted
        elif unsent >= connection.unsent and loop.time() - connection.last_read >= self.stalled:
            transport.abort()
        else:
            if unsent < connection.unsent:
                connection.unsent, connection.last_read = unsent, loop.time()
            connection.next_check = loop.call_later(self.patience, self._check, connection)

    def _is_reading(self, connection: Connection) -> bool:
        """Whether the client reads the rest of its last response, or did so a moment ago."""
        unsent = connection.transport.get_write_buffer_size()
        recently = asyncio.get_running_loop().time() - connection.last_read < self.patience
        return unsent > 0 and (unsent < connection.unsent or recently)

    def _make_place(self, transport: asyncio.Transport, of_network: str, proxy: bool) -> bool:
        """Whether there is a place for a new connection, if need be after closing an idle one."""
        socket = transport.get_extra_info("socket")
        if not proxy and self._of_network[of_network] >= SHARE * self.most:
            return self._close_an_idle_one(of_network)
        if self.count >= self.most or (socket is not None and socket.fileno() >= self.last):
            largest = max(self._idle, key=lambda each: len(self._idle[each]), default=of_network)
            return self._close_an_idle_one(largest)
        return True

    def _close_an_idle_one(self, of_network: str) -> bool:
        oldest = list(islice(self._idle.get(of_network, ()), _SEARCHED))
        waiting = (each for each in oldest if not self._is_reading(each) and not _has_unread_data(each.transport))
        connection = next(waiting, None)
        if connection is None:
            return False
        self.closed(connection.transport)
        connection.transport.abort()
        return True

    def _refuse(self, transport: asyncio.Transport, of_network: str) -> None:
        transport.write(_REFUSAL)
        transport.close()
        message = "refused %d connection(s): %d are open, %d of them from %s"
        self._refused.warn(message, self.count, self._of_network[of_network], of_network)


def _has_unread_data(transport: asyncio.Transport) -> bool:
    """Whether something that the client has sent waits to be read, as in the moment after it has connected."""
    socket = transport.get_extra_info("socket")
    if socket is None or socket.fileno() < 0:
        return False
    poll = select.poll()
    poll.register(socket.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def protocols(connections: Connections) -> tuple[type[HttpToolsProtocol], type[WebSocketsSansIOProtocol]]:
    """uvicorn's protocols for HTTP and WebSockets, which report each connection to `connections`."""

    class Http(HttpToolsProtocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            connections.opened(transport, self.client[0] if self.client else "")

        def on_headers_complete(self) -> None:
            connections.busy(self.transport)
            super().on_headers_complete()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            if self.cycle.response_complete:
                connections.idle(self.transport)

        def pause_writing(self) -> None:
            super().pause_writing()
            connections.paused(self.transport, True)

        def resume_writing(self) -> None:
            super().resume_writing()
            connections.paused(self.transport, False)

        def connection_lost(self, exc: Exception | None) -> None:
            connections.closed(self.transport)
            super().connection_lost(exc)

    class WebSocket(WebSocketsSansIOProtocol):
        def connection_lost(self, exc: Exception | None) -> None:
            connections.closed(self.transport)
            super().connection_lost(exc)

    return Http, WebSocket


def is_trusted_proxy() -> Callable[[str], bool]:
    """A function that tells whether uvicorn trusts the header X-Forwarded-For from an address."""

    async def nothing(*_: Any) -> None: ...

    trusted = ProxyHeadersMiddleware(nothing, os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")).trusted_hosts
    return lambda address: address in trusted


def install(connections: Connections) -> None:
    """Have the server that starts next use the protocols, a `Listener`, and as many descriptors as it may.

    Streamlit starts uvicorn without a choice of the protocols. A server that has its own keeps them.
    """
    startup = Server.startup

    async def start(server: Server, *args: Any, **keywords: Any) -> None:
        connections.set_limit(raise_limit())  # before the workers start, which inherit it
        if server.config.http == "auto":
            server.config.http_protocol_class, server.config.ws_protocol_class = protocols(connections)
        await startup(server, *args, **keywords)
        config = server.config
        made: Callable[..., asyncio.Protocol] = config.http_protocol_class
        protocol = partial(made, config=config, server_state=server.server_state, app_state=server.lifespan.state)
        # A third of the spare descriptors: as many connections may still be closing, and as many are not counted yet.
        at_once = max(1, min(AT_ONCE, connections.spare // 3))
        listeners = [Listener.instead_of(each, protocol, at_once, config.ssl) for each in server.servers]
        server.servers = listeners  # type: ignore[assignment]

    Server.startup = start  # type: ignore[method-assign, assignment]
