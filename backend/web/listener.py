"""Accepts a few connections at a time from a long queue in the kernel.

uvloop accepts all connections that wait before it reports the first, so with uvicorn alone the queue must not be longer
than the number of spare descriptors. If more clients come while the server is busy, the kernel drops their first
packet, and they try again after a second at the earliest.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import ssl
from collections.abc import Callable, Sequence

log = logging.getLogger(__name__)

#: The most connections that wait in the kernel, which bounds them by `net.core.somaxconn`, too.
QUEUE = 4096
#: Seconds without accepting after the process had no descriptor left.
PAUSE = 0.5


class Listener:
    """Listening sockets on this event loop, in place of an `asyncio.Server`."""

    def __init__(
        self,
        sockets: Sequence[socket.socket],
        protocol: Callable[[], asyncio.BaseProtocol],
        at_once: int,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """At most `at_once` accepted connections wait until `protocol` is connected to them."""
        self.sockets = tuple(sockets)
        self._protocol, self._at_once, self._tls = protocol, at_once, tls
        self._loop = asyncio.get_running_loop()
        self._opening: set[asyncio.Task[object]] = set()
        self._closed = False
        for each in self.sockets:
            each.setblocking(False)
            each.listen(QUEUE)
            self._loop.add_reader(each.fileno(), self._accept, each)

    @classmethod
    def instead_of(
        cls, server: asyncio.Server, protocol: Callable[[], asyncio.BaseProtocol], at_once: int,
        tls: ssl.SSLContext | None = None,
    ) -> Listener:  # fmt: skip
        """Take over the sockets of `server`, and close it. Clients that wait to be accepted are kept."""
        mine = [socket.socket(fileno=os.dup(each.fileno())) for each in server.sockets]
        server.close()
        return cls(mine, protocol, at_once, tls)

    def close(self) -> None:
        """Accept no more connections. Open ones stay open."""
        self._closed = True
        for each in self.sockets:
            if each.fileno() >= 0:
                self._loop.remove_reader(each.fileno())
                each.close()

    async def wait_closed(self) -> None:
        """Wait for the connections that were accepted last."""
        await asyncio.gather(*self._opening, return_exceptions=True)

    def _accept(self, listening: socket.socket) -> None:
        while len(self._opening) < self._at_once:
            try:
                client, _ = listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                log.warning("accepting no connection for %.1f s: %s", PAUSE, error)
                self._loop.remove_reader(listening.fileno())
                self._loop.call_later(PAUSE, self._resume, listening)
                return
            if client.family in (socket.AF_INET, socket.AF_INET6):
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            task = self._loop.create_task(self._open(client))
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    async def _open(self, client: socket.socket) -> None:
        client.setblocking(False)
        try:
            await self._loop.connect_accepted_socket(self._protocol, client, ssl=self._tls)
        except (OSError, ssl.SSLError) as error:  # the client left, or speaks no TLS
            log.debug("a connection was not opened: %s", error)
            client.close()

    def _resume(self, listening: socket.socket) -> None:
        if not self._closed:
            self._loop.add_reader(listening.fileno(), self._accept, listening)
