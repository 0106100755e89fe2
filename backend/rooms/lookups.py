"""Bounds how often somebody may try codes, so that the codes of rooms cannot be enumerated."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from cachetools import TTLCache

#: Wrong codes in a minute: of one visitor, of one address (a whole room may share one), and of all together.
MOST_OF_VISITOR, MOST_OF_ADDRESS, MOST_OF_ALL = 10, 60, 300
_SECONDS = 60.0
#: Rooms that an address may open in an hour. A visitor without cookies is another one each time.
MOST_OPENED = 60
_HOUR = 3600.0
_ALL = "all"


class Lookups:
    """Counts wrong codes. A right one costs nothing: a class may join at once. Safe from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        #: By whom, how often since the first time, which is forgotten after a minute.
        self._wrong: TTLCache[str, list[int]] = TTLCache(maxsize=20_000, ttl=_SECONDS, timer=clock)
        self._lock = Lock()

    def refused(self, visitor: str, address: str) -> bool:
        """Whether this visitor or address has tried too many wrong codes, or all together have."""
        with self._lock:
            return any(self._wrong.get(key, [0])[0] >= most for key, most in _bounds(visitor, address))

    def wrong(self, visitor: str, address: str) -> None:
        """A code was wrong."""
        with self._lock:
            for key, _ in _bounds(visitor, address):
                self._wrong.setdefault(key, [0])[0] += 1


class Openings:
    """Counts what an address opens within an hour of the first. Safe from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._opened: TTLCache[str, list[int]] = TTLCache(maxsize=20_000, ttl=_HOUR, timer=clock)
        self._lock = Lock()

    def refused(self, address: str) -> bool:
        """Whether this address has opened as much as it may; counts it if not."""
        with self._lock:
            opened = self._opened.setdefault(address, [0])
            if opened[0] >= MOST_OPENED:
                return True
            opened[0] += 1
            return False


def _bounds(visitor: str, address: str) -> tuple[tuple[str, int], ...]:
    return (f"v {visitor}", MOST_OF_VISITOR), (f"a {address}", MOST_OF_ADDRESS), (_ALL, MOST_OF_ALL)
