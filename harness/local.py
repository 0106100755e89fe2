"""This checkout and this machine: the repository's root, a free port, and waiting for a condition."""

from __future__ import annotations

import os
import random
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

#: The repository's root.
ROOT = Path(__file__).resolve().parents[1]


def until(condition: Callable[[], bool], what: str = "the condition", seconds: float = 240) -> None:
    """Wait until `condition` is true. Raises AssertionError, naming `what`, after `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds:g} s: {what}"
        time.sleep(0.02)


#: The ports that this process was given.
_GIVEN: set[int] = set()


def free_port() -> int:
    """A loopback port that no process listens on.

    It is below the system's ephemeral ports, and in a range of this test worker's own, so that nobody else takes it
    before it is used. No port is given twice, because the first server may not listen yet. Raises OSError
    if no port of the range is free.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw9").removeprefix("gw")
    first = 20_000 + int(worker) % 10 * 1000
    for port in random.sample(range(first, first + 1000), 1000):
        if port in _GIVEN:
            continue
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            _GIVEN.add(port)
            return port
    raise OSError(f"no port from {first} to {first + 999} is free")
