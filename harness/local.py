"""This checkout and this machine: the repository's root, a free port, and waiting for a condition."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path

#: The repository's root.
ROOT = Path(__file__).resolve().parents[1]


def until(condition: Callable[[], bool], what: str = "the condition", seconds: float = 90) -> None:
    """Wait until `condition` is true. Raises AssertionError, naming `what`, after `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds:g} s: {what}"
        time.sleep(0.02)


def free_port() -> int:
    """A loopback port that no process listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
