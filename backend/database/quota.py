"""How many files one visitor, and one network, may open in a day. It counts in memory: no row names a visitor."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from cachetools import LRUCache, TTLCache

DAY = 24 * 3600.0
#: The most visitors and networks that are counted.
_KNOWN = 20_000


class Quota:
    """Counts what was opened on this server in the last day. Safe from any thread.

    `things` says what is opened ("models"), and `refused` makes the exception from a sentence. The bounds are for one
    visitor and for one network, which a class may share.
    """

    def __init__(
        self, things: str, of_visitor: int, of_network: int, refused: Callable[[str], Exception],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._things, self._of_visitor, self._of_network = things, of_visitor, of_network
        self._refused, self._clock = refused, clock
        self._opened: LRUCache[str, TTLCache[str, bool]] = LRUCache(maxsize=_KNOWN)
        self._lock = Lock()

    def count(self, id: str, visitor: str, network: str) -> None:
        """Count what has this id for its visitor and network, unless they have opened it in the last day already.

        Raises `refused` if one of the two has opened as many as it may; then nothing is counted.
        """
        bounds = [
            (f"v {visitor}", self._of_visitor, "you have opened", "visitor"),
            (f"n {network}", self._of_network, "your network has opened", "network"),
        ]
        with self._lock:
            counted = [self._opened.setdefault(name, TTLCache(most, DAY, self._clock)) for name, most, *_ in bounds]
            for ids, (_, most, who, one) in zip(counted, bounds, strict=True):
                if id not in ids and len(ids) >= most:
                    raise self._refused(
                        f"In the last 24 hours {who} {most:,} different {self._things}, the most that this server "
                        f"takes from one {one}. Open this one later."
                    )
            for ids in counted:
                ids.setdefault(id, True)
