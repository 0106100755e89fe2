"""Slows down whoever tries many wrong codes or passphrases, so that they cannot be guessed, and refuses nobody.

A visitor, their network, and all visitors together each have some wrong tries at once, and a further one after each
pause (a token bucket). If one of the three has none left, the try is not answered, right or wrong: a right one would
otherwise be known by its answer. A try that is not answered does not count: many tries at the same time gain nothing,
and asking again costs nothing. A new cookie costs nothing either, but its tries are those of its network.

So a visitor can test 10 codes at once, and then 10 a minute. A network, with any number of cookies, can test 60 and
then 600 a minute; all visitors together, 300 and then 6,000 a minute. There are 887 million codes.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from cachetools import TTLCache

from backend.addresses import network
from backend.rooms.model import Slowed


@dataclass(frozen=True)
class Bound:
    """So many wrong tries at once, and a further one after each `pause`, in seconds."""

    free: int
    pause: float


#: Of one visitor, of one network (a class may share one), and of all.
OF_VISITOR, OF_NETWORK, OF_ALL = Bound(10, 6.0), Bound(60, 0.1), Bound(300, 0.01)
#: Of one network that tries passphrases or the codes of boards.
PASSPHRASES = Bound(60, 1.0)
#: The fewest seconds after which a page asks again: many may wait at the same time.
SOONEST = 2.0
#: Seconds for which wrong tries are remembered: longer than any of them matters.
_KNOWN = 120.0


@dataclass
class _Bucket:
    """The wrong tries that still counted at the moment `at`."""

    bound: Bound
    wrong: float = 0.0
    at: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until a further wrong try may be answered."""
        return max((self._remaining(now) + 1 - self.bound.free) * self.bound.pause, 0.0)

    def count(self, now: float) -> None:
        """A wrong try is answered."""
        self.wrong, self.at = self._remaining(now) + 1, now

    def _remaining(self, now: float) -> float:
        return max(self.wrong - (now - self.at) / self.bound.pause, 0.0)


class Lookups:
    """Says whether a try may be answered now, or after how many seconds to ask again. Safe from any thread."""

    def __init__(self, of_network: Bound = OF_NETWORK, clock: Callable[[], float] = time.monotonic) -> None:
        #: Tells the time, in seconds.
        self.clock = clock
        self._of_network = of_network
        self._buckets: TTLCache[str, _Bucket] = TTLCache(maxsize=20_000, ttl=_KNOWN, timer=clock)
        self._all = _Bucket(OF_ALL)
        self._lock = Lock()

    def check(self, visitor: str, address: str, right: bool, tried: str = "codes", hint: str = "") -> None:
        """Return if the visitor may be told now whether their try is right; `tried` says of what. Raises Slowed."""
        if seconds := self.wait(visitor, address, right):
            words = f"Many wrong {tried} were entered, so {tried} are tried more slowly now. A try is answered in "
            raise Slowed(f"{words}{math.ceil(seconds)} s.{hint}", seconds)

    def wait(self, visitor: str, address: str, right: bool) -> float:
        """Seconds after which the visitor may ask again; 0 if they may be told now whether their try is right."""
        with self._lock:
            now = self.clock()
            buckets = (
                self._bucket(f"v {visitor}", OF_VISITOR),
                self._bucket(f"n {network(address)}", self._of_network),
                self._all,
            )
            if seconds := max(each.wait(now) for each in buckets):
                return max(seconds, SOONEST)
            if not right:
                for each in buckets:
                    each.count(now)
            return 0.0

    def _bucket(self, name: str, bound: Bound) -> _Bucket:
        bucket = self._buckets.get(name) or _Bucket(bound)
        self._buckets[name] = bucket  # known for as long again
        return bucket
