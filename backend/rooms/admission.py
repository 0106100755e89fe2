"""Who may open rooms: everybody, or those who have given the operator's passphrase."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from cachetools import TTLCache

from backend.database.visitors import hashed
from backend.rooms import tokens
from backend.rooms.lookups import Lookups
from backend.rooms.model import Refused

#: Seconds for which a visitor who has given the passphrase need not give it again.
_ADMITTED_SECONDS = 12 * 3600.0


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
        """Let the visitor open rooms if that is the passphrase. Raises Refused, and Slowed after many wrong ones."""
        right = self._passphrase is None or tokens.equal(passphrase.strip(), self._passphrase)
        self.lookups.check(visitor, address, right, "passphrases")
        if not right:
            raise Refused("This is not the passphrase of this server. Its operator knows it.")
        with self._lock:
            self._admitted[hashed(visitor)] = True
