"""A connection between a browser and the server that a test can cut: a relay on a loopback port of its own."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Thread


class Line:
    """Relays its own `address` to the given one (host:port), until it is cut, and again after it is mended."""

    def __init__(self, address: str) -> None:
        host, _, port = address.partition(":")
        self._far = (host, int(port))
        self._ends: list[socket.socket] = []
        self._open = True
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._door.getsockname()[1]}"
        Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        """Close every connection, and each new one at once, until `mend`."""
        self._open = False
        for end in self._ends:
            _close(end)
        self._ends.clear()

    def mend(self) -> None:
        """Relay again."""
        self._open = True

    def close(self) -> None:
        """Stop relaying for good."""
        self.cut()
        _close(self._door)

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            if not self._open:
                near.close()
                continue
            far = socket.create_connection(self._far)
            self._ends += [near, far]
            for source, target in ((near, far), (far, near)):
                Thread(target=_pump, args=(source, target), daemon=True).start()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    _close(source)
    _close(target)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
