"""What tests of servers and of jobs need of the world around them: a place, a port, patience."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def until(condition: Callable[[], bool], what: str = "that", seconds: float = 90) -> None:
    """Wait for `condition`, which must come true long before `seconds` have passed."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.02)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
