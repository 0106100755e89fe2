"""Slows down whoever tries many wrong codes or passphrases, so that they cannot be guessed, and refuses nobody."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from cachetools import TTLCache

from backend.addresses import network
from backend.rooms.tokens import digest


@dataclass(frozen=True)
class Bound:
    """So many wrong tries are free in each minute; after more, an answer waits, for at most `longest` seconds."""

    free: int
    longest: float

    @property
    def rate(self) -> float:
        """Wrong tries that are forgiven in a second."""
        return self.free / _MINUTE


_MINUTE = 60.0
#: Of one visitor, of one network (a class may share one), and of all. A new cookie costs nothing, so one attacker can
#: make a whole network wait. Each wait is short, and a link with an invitation never waits.
OF_VISITOR, OF_NETWORK, OF_ALL = Bound(10, 30.0), Bound(60, 10.0), Bound(300, 5.0)
#: Seconds for which wrong tries, and answers that wait, are remembered: longer than any of them matters.
_KNOWN = 2 * _MINUTE


@dataclass
class _Wrong:
    """Wrong tries that are not forgiven yet. More than `most` are not counted, which bounds the wait."""

    bound: Bound
    count: float = 0.0
    at: float = 0.0

    def add(self, now: float) -> None:
        most = self.bound.free + self.bound.rate * self.bound.longest
        self.count, self.at = min(self._left(now) + 1, most), now

    def wait(self, now: float) -> float:
        """Seconds until no more are left than are free."""
        return max(self._left(now) - self.bound.free, 0.0) / self.bound.rate

    def _left(self, now: float) -> float:
        return max(self.count - self.bound.rate * max(now - self.at, 0.0), 0.0)


class Lookups:
    """Counts wrong tries, and says how long an answer waits. Safe from any thread; nothing waits in here."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: TTLCache[str, _Wrong] = TTLCache(maxsize=20_000, ttl=_KNOWN, timer=clock)
        self._all = _Wrong(OF_ALL)
        #: When it may be said whether what somebody has tried is right.
        self._due: TTLCache[tuple[str, str], float] = TTLCache(maxsize=20_000, ttl=_KNOWN, timer=clock)
        self._lock = Lock()

    def wait(self, visitor: str, address: str, tried: str, right: bool) -> float:
        """Seconds until the visitor may be told whether what they tried is right; 0 for now.

        Whoever has to wait asks again after that time. A right try waits as long as a wrong one, which would else be
        known by its silence. A wrong one counts at once, so that many at the same time are no way around the wait.
        """
        key = visitor, digest(tried)
        with self._lock:
            now = self._clock()
            due = self._due.get(key)
            if due is None:
                counts = [
                    self._of(f"v {visitor}", OF_VISITOR),
                    self._of(f"n {network(address)}", OF_NETWORK),
                    self._all,
                ]
                due = now + max(each.wait(now) for each in counts)
                if not right:
                    for each in counts:
                        each.add(now)
                if due > now:
                    self._due[key] = due
            if due > now:
                return due - now
            self._due.pop(key, None)
            return 0.0

    def _of(self, name: str, bound: Bound) -> _Wrong:
        found = self._wrong.get(name) or _Wrong(bound)
        self._wrong[name] = found  # known for as long again
        return found
