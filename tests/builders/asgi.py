"""A real server for a small ASGI app, in this process."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from harness.local import until


@contextmanager
def serve(app: ASGIApp, **options: Any) -> Iterator[str]:
    """Its address ("127.0.0.1:port") while it runs. `options` are those of `uvicorn.Config`."""
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", 0, log_level="warning", lifespan="off", **options))
    listening = socket.create_server(("127.0.0.1", 0))
    host, port = listening.getsockname()
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    until(lambda: server.started, "a started server")
    try:
        yield f"{host}:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def get(address: str, path: str, **headers: str) -> HTTPResponse:
    connection = HTTPConnection(address, timeout=60)
    connection.request("GET", path, headers=headers)
    return connection.getresponse()


def handshake(address: str, path: str, **headers: str) -> socket.socket | int:
    """A websocket opened with these headers to the letter, Host too; the status where it is refused."""
    host, _, port = address.partition(":")
    connection = socket.create_connection((host, int(port)), timeout=60)
    sent = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items()), "", ""]
    connection.sendall("\r\n".join(lines).encode("latin-1"))
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        got = connection.recv(1)
        assert got, answer
        answer += got
    status = int(answer.split(b" ", 2)[1])
    if status == 101:
        return connection
    connection.close()
    return status
