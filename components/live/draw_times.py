"""How long the server's last draws took, and how often its pages are drawn again, for all visitors together."""

from __future__ import annotations

import time
from collections import deque

#: Seconds after which a draw is no longer counted: the first draw of a cold server says nothing about the next.
_RECENT = 10.0


class DrawTimes:
    """The last twenty draws: when each began (by `time.perf_counter`) and how many seconds it took."""

    def __init__(self) -> None:
        self._draws: deque[tuple[float, float]] = deque(maxlen=20)
        self._longest_interval, self._noted = 0.0, float("-inf")

    def add(self, began: float, seconds: float, interval: float = 0.0) -> None:
        """Record one draw. `interval` is the time in seconds until the page is drawn again, or 0 if it is not."""
        self._draws.append((began, seconds))
        if interval >= self._longest_interval or began > self._noted + _RECENT:
            self._longest_interval, self._noted = interval, began

    def last(self) -> tuple[float, float] | None:
        """The latest draw, None before the first."""
        return self._draws[-1] if self._draws else None

    def longest_interval(self) -> float:
        """The longest interval in seconds among the recent draws; 0 if none of those pages is drawn again."""
        return self._longest_interval if self._noted > time.perf_counter() - _RECENT else 0.0

    def slowest(self) -> float:
        """Seconds of the slowest recent draw; 0 if there is none."""
        since = time.perf_counter() - _RECENT
        return max((seconds for began, seconds in list(self._draws) if began > since), default=0.0)
