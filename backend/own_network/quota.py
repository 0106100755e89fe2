"""How many architectures one visitor, and one network, may store in a day. Nobody is named in the database for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from cachetools import LRUCache

from backend.own_network.refusal import Refused

#: The most new architectures of one visitor and of one network (a class may share one) in a day.
OF_VISITOR, OF_NETWORK = 50, 1_000
DAY = 24 * 3600.0
#: The most visitors and networks that are remembered.
_KNOWN = 20_000


class Quota:
    """Counts what was stored on this server in the last day. Safe from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._stored: LRUCache[str, dict[str, float]] = LRUCache(maxsize=_KNOWN)
        self._lock = Lock()

    def count(self, id: str, visitor: str, network: str) -> None:
        """Count an architecture for its visitor and network, unless they have stored it in the last day already.

        Raises `Refused` if one of the two has stored as many as it may; then nothing is counted.
        """
        bounds = [
            (f"v {visitor}", OF_VISITOR, "you have opened", "visitor"),
            (f"n {network}", OF_NETWORK, "your network has opened", "network"),
        ]
        with self._lock:
            now = self._clock()
            counted = []
            for name, most, who, one in bounds:
                ids = {each: at for each, at in self._stored.get(name, {}).items() if at > now - DAY}
                if id not in ids and len(ids) >= most:
                    raise Refused(
                        f"In the last 24 hours {who} {most:,} different models, the most that this server stores for "
                        f"one {one}. Open this one later.",
                        at_home=False,
                    )
                counted.append((name, {id: now} | ids))
            for name, ids in counted:
                self._stored[name] = ids
