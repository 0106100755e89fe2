"""Room for another saved run: of its visitor, and of all together. Without room, the visitor is told why."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock

from cachetools import LRUCache
from sqlalchemy import Connection

from backend.training.retention import Bounds, Held, outlived, prune, remove
from backend.words import counted, short

#: Seconds between two checks of the bounds of all visitors together: at most, and after one that found no room.
_PRUNE_SECONDS, _FULL_SECONDS = 60.0, 10.0
#: The share of these bounds that is freed beyond what is needed, so that not every run of a full server frees some.
_SPARE = 0.001


@dataclass(frozen=True)
class NotKept:
    """A visitor's run that was not saved, because there was no room: when, and a sentence that says why."""

    at: float
    reason: str


class Quota:
    """The bounds of this server. Its writer to the database makes room; pages ask what was not kept."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._last: LRUCache[str, NotKept] = LRUCache(maxsize=10_000)  # of each visitor
        self._lock = Lock()
        self._pruned_at = float("-inf")
        self._no_room = False  # the last check deleted what it could, and there was no room
        self._held = Held(0, 0)  # of all visitors: when that was last counted, and what this server has added since

    def not_kept(self, me: str) -> NotKept | None:
        """The last run of the visitor with this hash, if there was no room for it."""
        with self._lock:
            return self._last.get(me)

    def forget(self, me: str) -> None:
        """The visitor has a run again, or has made room."""
        with self._lock:
            self._last.pop(me, None)

    def has_room(self, connection: Connection, me: str, size: int, more: Held) -> bool:
        """Make room for an entry of a run of `size` bytes, which adds `more` to what is stored. If there is none, it
        is noted for the visitor."""
        bounds, reason = self._bounds, ""
        mine, oldest = outlived(connection, me, size, bounds)
        if oldest is None:
            reason = _own_bound(mine, bounds)
        elif self._fits(connection, more):
            remove(connection, oldest)
        else:
            reason = (
                f"This server keeps at most {bounds.count:,} runs and {bounds.megabytes:,.0f} MB of all visitors, and "
                "deletes none of the last hour. Export the run from Train if you need it."
            )
        with self._lock:
            self._last.pop(me, None)
            if reason:
                self._last[me] = NotKept(time.time(), reason)
        return not reason

    def _fits(self, connection: Connection, more: Held) -> bool:
        """Whether `more` fits into the bounds of all visitors, once old entries and those of the largest are gone."""
        bounds, age = self._bounds, time.monotonic() - self._pruned_at
        full = not (self._held + more).fits(bounds.count, bounds.megabytes)
        if age > _PRUNE_SECONDS or (full and (age > _FULL_SECONDS or not self._no_room)):
            spare = Held(int(_SPARE * bounds.count), int(_SPARE * bounds.megabytes * 2**20)) if full else Held(0, 0)
            self._pruned_at, self._held = time.monotonic(), prune(connection, bounds, more + spare)
        self._no_room = not (self._held + more).fits(bounds.count, bounds.megabytes)
        if not self._no_room:
            self._held += more
        return not self._no_room


def _own_bound(held: Held, bounds: Bounds) -> str:
    """Why a visitor who has so much gets no room, in a few sentences."""
    most = f"{counted(bounds.count_per_visitor, 'run')} and {bounds.megabytes_per_visitor:,.0f} MB"
    return (
        f"You have {counted(held.count, 'run')}, {short(held.bytes / 2**20)} MB in all. This server keeps at most "
        f"{most} for each visitor. It deletes none of the last hour and none that you have pinned: delete or "
        "unpin some."
    )
