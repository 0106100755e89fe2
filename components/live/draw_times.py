"""How long the server's last draws took, whoever's pages they were."""

from __future__ import annotations

import time
from collections import deque

#: Seconds after which a draw is no longer counted: the first draw of a cold server says nothing about the next.
_RECENT = 10.0


class DrawTimes:
    """The last twenty draws: when each began (by `time.perf_counter`) and how many seconds it took."""

    def __init__(self) -> None:
        self._draws: deque[tuple[float, float]] = deque(maxlen=20)

    def add(self, began: float, seconds: float) -> None:
        """Record one draw."""
        self._draws.append((began, seconds))

    def last(self) -> tuple[float, float] | None:
        """The latest draw, None before the first."""
        return self._draws[-1] if self._draws else None

    def slowest(self) -> float:
        """Seconds of the slowest recent draw; 0 where there is none."""
        since = time.perf_counter() - _RECENT
        return max((seconds for began, seconds in list(self._draws) if began > since), default=0.0)
