"""Notifies listeners of changes of rooms."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from threading import Lock

log = logging.getLogger(__name__)

Listener = Callable[[int], None]


class Listeners:
    """The listeners of this server's rooms. Safe from any thread."""

    def __init__(self) -> None:
        self._by_room: defaultdict[str, set[Listener]] = defaultdict(set)
        self._lock = Lock()

    def add(self, id: str, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each new version of the room, from any thread. Returns a function that ends this."""
        with self._lock:
            self._by_room[id].add(listener)

        def end() -> None:
            with self._lock:
                self._by_room[id].discard(listener)
                if not self._by_room[id]:
                    del self._by_room[id]

        return end

    def has_any(self, id: str) -> bool:
        """Whether somebody listens to the room."""
        with self._lock:
            return bool(self._by_room.get(id))

    def notify(self, id: str, version: int) -> None:
        """Call all listeners with the version of the room."""
        with self._lock:
            listeners = list(self._by_room.get(id, ()))
        for listener in listeners:
            try:
                listener(version)
            except Exception:  # a page that has gone must not undo what the host did
                log.exception("a listener of a room failed")
