"""Slows down whoever tries many wrong codes or passphrases, so that they cannot be guessed, and refuses nobody.

While wrong tries are few, each try is answered at once. After more, tries have turns, one after the other: those of a
visitor, those of a network, and all. A visitor has one turn at a time, whatever they try meanwhile, so tries at the
same time win nothing. A new cookie costs nothing, but its tries share the turns of its network.

So a visitor learns of 10 codes at once whether they are right, and then of 10 in a minute; a network, with any number
of cookies, of 60 and then of 600 in a minute; and all together of 300 and then of 6,000. There are 887 million codes.

A right try waits for its turn like a wrong one, which would else be known by its silence. It has its turn within half a
minute, unless more tries wait in its network than have turns in that time (300). Then it asks for one again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from cachetools import TTLCache

from backend.addresses import network


@dataclass(frozen=True)
class Bound:
    """So many wrong tries are free in each minute; after more, there is a turn every `pause` seconds.

    No turn is given that is later than in `longest` seconds.
    """

    free: int
    pause: float
    longest: float

    @property
    def rate(self) -> float:
        """Wrong tries that are forgiven in a second."""
        return self.free / _MINUTE


_MINUTE = 60.0
#: Of one visitor, of one network (a class may share one), and of all.
OF_VISITOR, OF_NETWORK, OF_ALL = Bound(10, 6.0, 6.0), Bound(60, 0.1, 30.0), Bound(300, 0.01, 5.0)
#: Of one network that tries passphrases: nobody needs one to join a room, so right ones may wait for longer.
PASSPHRASES = Bound(60, 1.0, 60.0)
#: Seconds for which wrong tries, and turns, are remembered: longer than any of them matters.
_KNOWN = 2 * _MINUTE


@dataclass
class _Turns:
    """Wrong tries that are not forgiven yet, and the last turn that was given."""

    bound: Bound
    wrong: float = 0.0
    at: float = 0.0
    last: float = float("-inf")

    def next(self, now: float) -> float:
        """When the next try has its turn; now while wrong tries are free."""
        if self._left(now) + 1 <= self.bound.free:
            return now
        return max(self.last, now) + self.bound.pause

    def give(self, turn: float, now: float, right: bool) -> None:
        """A try has that turn. Wrong ones of a long attack are forgiven soon after its last turn."""
        self.last = max(self.last, turn)
        if not right:
            most = self.bound.free + self.bound.rate * self.bound.longest
            self.wrong, self.at = min(self._left(now) + 1, most), now

    def _left(self, now: float) -> float:
        return max(self.wrong - self.bound.rate * (now - self.at), 0.0)


class Lookups:
    """Gives turns to tries, and says how long one waits for it. Safe from any thread; nothing waits in here."""

    def __init__(self, of_network: Bound = OF_NETWORK, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._of_network = of_network
        self._turns: TTLCache[str, _Turns] = TTLCache(maxsize=20_000, ttl=_KNOWN, timer=clock)
        self._all = _Turns(OF_ALL)
        #: The turn of each visitor who waits for one.
        self._due: TTLCache[str, float] = TTLCache(maxsize=20_000, ttl=_KNOWN, timer=clock)
        self._lock = Lock()

    def wait(self, visitor: str, address: str, right: bool) -> float:
        """Seconds until the visitor may ask whether what they try then is right; 0 if they may be told now.

        A wrong try counts when it is given its turn, and once.
        """
        with self._lock:
            now = self._clock()
            turns = [
                self._of(f"v {visitor}", OF_VISITOR),
                self._of(f"n {network(address)}", self._of_network),
                self._all,
            ]
            due = self._due.get(visitor)
            if due is None:
                given = [(each, each.next(now)) for each in turns]
                for each, turn in given:
                    if turn > now + each.bound.longest:
                        return each.bound.longest
                for each, turn in given:
                    each.give(turn, now, right)
                due = max(turn for _, turn in given)
            if due > now:
                self._due[visitor] = due
                return due - now
            self._due.pop(visitor, None)
            return 0.0

    def _of(self, name: str, bound: Bound) -> _Turns:
        found = self._turns.get(name) or _Turns(bound)
        self._turns[name] = found  # known for as long again
        return found
