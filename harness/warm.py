"""A server that answers, and one whose workers are ready."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from harness.server import Server
from harness.tab import wait_until_warm


@contextmanager
def healthy(server: Server) -> Iterator[Server]:
    """The server once it answers. It is stopped at the end."""
    try:
        server.wait_until_healthy()
        yield server
    finally:
        server.stop()


@contextmanager
def warm(server: Server) -> Iterator[Server]:
    """The server once its workers are warm. It is stopped at the end."""
    with healthy(server):
        asyncio.run(wait_until_warm(server.address))
        yield server
