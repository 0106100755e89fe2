"""Bounds the connections of the server, and closes those that send no whole request. uvicorn does neither.

Otherwise one client could open connections, send nothing or a part of a request, and take all file descriptors: nobody
else would be served. `protocols.py` reports the connections of uvicorn.
"""

from __future__ import annotations

import asyncio
import logging
import select
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from itertools import islice

from backend.addresses import network

log = logging.getLogger(__name__)

#: Seconds that a client has for a whole request, after it has connected or after its last response.
PATIENCE = 10.0
#: Seconds after which a client that reads nothing of what is sent to it is disconnected.
STALLED = 30.0
#: The most connections, however many descriptors there are: each takes some memory.
MOST = 20_000
#: The share of descriptors that is reserved, with the fewest and the most; and how many of the reserved ones are for
#: files, the database and the workers. The rest is for connections that are accepted at once.
RESERVE, LEAST_RESERVE, MOST_RESERVE, OTHERS = 1 / 8, 128, 2080, 32
#: The share of all connections that one network may have.
SHARE = 0.75
#: How many idle connections are searched for one that may be closed.
_SEARCHED = 64


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
    status 503. A network that has its share of all connections is treated in the same way, except for one of `proxies`,
    whose connections are those of many visitors: `OpenTabs` counts the requests that they forward.

    For uvicorn a response has ended as soon as its last byte waits to be sent. A slow client gets all of it, but a
    client that reads nothing for `stalled` seconds is disconnected.
    """

    def __init__(self, patience: float = PATIENCE, stalled: float = STALLED) -> None:
        self.most = self.last = self.spare = MOST
        self.patience, self.stalled = patience, stalled
        self.proxies: Container[str] = ()  # addresses
        self._open: dict[asyncio.Transport, Connection] = {}
        self._of_network: Counter[str] = Counter()
        self._idle: dict[str, dict[Connection, None]] = {}  # of each network, the longest idle one first

    def set_limit(self, limit: int) -> None:
        """Set the bounds for a process that may open `limit` files and connections.

        `spare` of them are reserved for connections that are accepted at once.
        """
        reserve = min(max(round(RESERVE * limit), LEAST_RESERVE), MOST_RESERVE, limit // 2)
        self.last, self.spare = limit - reserve, max(reserve - OTHERS, 1)
        self.most = min(self.last, MOST)

    @property
    def share(self) -> float:
        """How many connections one network may have."""
        return SHARE * self.most

    @property
    def count(self) -> int:
        """How many connections are open."""
        return len(self._open)

    def opened(self, transport: asyncio.Transport, address: str) -> bool:
        """Add the connection of a client at that address, or return False if there is no place for it."""
        of_network = network(address)
        if not self._make_place(transport, of_network, address in self.proxies):
            message = "refused a connection: %d are open, %d of them from %s"
            log.warning(message, self.count, self._of_network[of_network], of_network)
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
        """Expect no request, because the client has sent one."""
        connection = self._open.get(transport)
        if connection is not None and connection.idle:
            connection.idle = False
            del self._idle[connection.network][connection]
            if not self._idle[connection.network]:
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
        if not proxy and self._of_network[of_network] >= self.share:
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


def _has_unread_data(transport: asyncio.Transport) -> bool:
    """Whether something that the client has sent waits to be read, as in the moment after it has connected."""
    socket = transport.get_extra_info("socket")
    if socket is None or socket.fileno() < 0:
        return False
    poll = select.poll()
    poll.register(socket.fileno(), select.POLLIN)
    return bool(poll.poll(0))
