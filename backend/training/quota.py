"""Makes room for another saved run, within the bounds of its visitor and of all. If there is none, it says why."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock

from cachetools import LRUCache
from sqlalchemy import Connection

from backend.training.retention import Bounds, Usage, entries_to_make_room, prune, remove
from backend.words import counted, short

#: Seconds between two checks of the bounds of all visitors together: the most, and after a check that found no room.
_PRUNE_SECONDS, _FULL_SECONDS = 60.0, 10.0
#: The share of these bounds that is freed beyond what is needed, so that not every run of a full server frees some.
_SPARE = 0.001


@dataclass(frozen=True)
class UnsavedRun:
    """A visitor's run that was not saved, because there was no room: when, and a sentence that says why."""

    at: float
    reason: str


class Quota:
    """The bounds of this server. Its writer to the database makes room; pages ask which run was not saved."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._last: LRUCache[str, UnsavedRun] = LRUCache(maxsize=10_000)  # of each visitor
        self._lock = Lock()
        self._pruned_at = float("-inf")
        self._full = False  # the last check deleted what it could, and found no room
        self._usage = Usage(0, 0)  # of all visitors: as it was last counted, with what this server has added since

    def unsaved_run(self, me: str) -> UnsavedRun | None:
        """The last run of the visitor with this hash, if there was no room for it."""
        with self._lock:
            return self._last.get(me)

    def forget(self, me: str) -> None:
        """Forget the unsaved run of a visitor who has it now, or has made room."""
        with self._lock:
            self._last.pop(me, None)

    def make_room(self, connection: Connection, me: str, size: int, more: Usage) -> bool:
        """Make room for an entry of a run of `size` bytes, which adds `more` to the usage of all visitors.

        False if there is none. Then the reason is noted for the visitor.
        """
        bounds, reason = self._bounds, ""
        mine, oldest = entries_to_make_room(connection, me, size, bounds)
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
                self._last[me] = UnsavedRun(time.time(), reason)
        return not reason

    def _fits(self, connection: Connection, more: Usage) -> bool:
        """Whether `more` fits into the bounds of all visitors. `prune` may delete entries for it first."""
        bounds, age = self._bounds, time.monotonic() - self._pruned_at
        full = not (self._usage + more).fits(bounds.count, bounds.megabytes)
        if age > _PRUNE_SECONDS or (full and (age > _FULL_SECONDS or not self._full)):
            spare = Usage(int(_SPARE * bounds.count), int(_SPARE * bounds.megabytes * 2**20)) if full else Usage(0, 0)
            self._pruned_at, self._usage = time.monotonic(), prune(connection, bounds, more + spare)
        self._full = not (self._usage + more).fits(bounds.count, bounds.megabytes)
        if not self._full:
            self._usage += more
        return not self._full


def _own_bound(usage: Usage, bounds: Bounds) -> str:
    """Why a visitor with this usage gets no room, in a few sentences."""
    most = f"{counted(bounds.count_per_visitor, 'run')} and {bounds.megabytes_per_visitor:,.0f} MB"
    return (
        f"You have {counted(usage.count, 'run')}, {short(usage.bytes / 2**20)} MB in all. This server keeps at most "
        f"{most} for each visitor. It deletes none of the last hour and none that you have pinned: delete or "
        "unpin some."
    )
