"""Warnings about events that a hostile visitor can cause at any rate."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

#: Seconds between two lines.
EVERY = 60.0


class RareLog:
    """Logs at most one line a minute. Each line says how often it has happened since the line before."""

    def __init__(self, log: logging.Logger, clock: Callable[[], float] = time.monotonic) -> None:
        self._log, self._clock = log, clock
        self._count, self._logged_at = 0, float("-inf")

    def warn(self, message: str, *arguments: object) -> None:
        """Count an event. Log `message`, with the count as its first argument, at most once a minute."""
        self._count += 1
        now = self._clock()
        if now - self._logged_at >= EVERY:
            self._log.warning(message, self._count, *arguments)
            self._count, self._logged_at = 0, now
