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
from threading import Lock
from typing import NamedTuple

from cachetools import TTLCache

from backend.addresses import network
from backend.database.visitors import hashed
from backend.rooms import tokens
from backend.rooms.model import RoomRefused, Slowed
from backend.token_bucket import TokenBucket


class Bound(NamedTuple):
    """So many wrong tries at once, and a further one after each `pause`, in seconds."""

    free: int
    pause: float


#: Of one visitor, of one network (a class may share one), and of all.
OF_VISITOR, OF_NETWORK, OF_ALL = Bound(10, 6.0), Bound(60, 0.1), Bound(300, 0.01)
#: Of one network that tries passphrases.
PASSPHRASES = Bound(60, 1.0)
#: The fewest seconds after which a page asks again: many may wait at the same time.
SOONEST = 2.0
#: Seconds for which wrong tries are remembered: longer than any of them matters.
_KNOWN = 120.0
#: Seconds for which a visitor who has given the passphrase need not give it again.
_ADMITTED_SECONDS = 12 * 3600.0


class Lookups:
    """Says whether a try may be answered now, or after how many seconds to ask again. Safe from any thread."""

    def __init__(self, of_network: Bound = OF_NETWORK, clock: Callable[[], float] = time.monotonic) -> None:
        #: Tells the time, in seconds.
        self.clock = clock
        self._of_network = of_network
        self._buckets: TTLCache[str, TokenBucket] = TTLCache(maxsize=20_000, ttl=_KNOWN, timer=clock)
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
            bounds = {f"v {visitor}": OF_VISITOR, f"n {network(address)}": self._of_network, "all": OF_ALL}
            buckets = [
                self._buckets.get(name) or TokenBucket(1 / bound.pause, bound.free, now)
                for name, bound in bounds.items()
            ]
            self._buckets.update(zip(bounds, buckets, strict=True))  # known for as long again
            if seconds := max(each.wait(now) for each in buckets):
                return max(seconds, SOONEST)
            if not right:
                for each in buckets:
                    each.take(now)
            return 0.0


class Admission:
    """Compares passphrases and knows who has given the right one, until the server stops. Safe from any thread."""

    def __init__(self, passphrase: str | None, lookups: Lookups, clock: Callable[[], float] = time.monotonic) -> None:
        self._passphrase = passphrase
        self.lookups = lookups
        self._admitted: TTLCache[str, bool] = TTLCache(maxsize=10_000, ttl=_ADMITTED_SECONDS, timer=clock)
        self._lock = Lock()

    def is_admitted(self, visitor: str) -> bool:
        """Whether the visitor may open rooms."""
        with self._lock:
            return self._passphrase is None or hashed(visitor) in self._admitted

    def admit(self, passphrase: str, visitor: str, address: str) -> None:
        """Let the visitor open rooms if that is the passphrase. Raises RoomRefused, and Slowed after many wrong."""
        right = self._passphrase is None or tokens.equal(passphrase.strip(), self._passphrase)
        self.lookups.check(visitor, address, right, "passphrases")
        if not right:
            raise RoomRefused("This is not the passphrase of this server. Its operator knows it.")
        with self._lock:
            self._admitted[hashed(visitor)] = True
