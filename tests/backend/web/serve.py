"""A real server for a small ASGI app, in this process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse

import uvicorn
from starlette.types import ASGIApp

from tests.around import until


@contextmanager
def serve(app: ASGIApp) -> Iterator[str]:
    """Its address ("127.0.0.1:port") while it runs."""
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", 0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started, "a started server")
    host, port = server.servers[0].sockets[0].getsockname()
    try:
        yield f"{host}:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def get(address: str, path: str, **headers: str) -> HTTPResponse:
    connection = HTTPConnection(address, timeout=10)
    connection.request("GET", path, headers=headers)
    return connection.getresponse()
