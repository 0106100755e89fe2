"""Who wants to be told when a room has changed."""

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
        self._of: defaultdict[str, set[Listener]] = defaultdict(set)
        self._lock = Lock()

    def add(self, id: str, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each new version of the room, from any thread. Returns what ends this."""
        with self._lock:
            self._of[id].add(listener)

        def end() -> None:
            with self._lock:
                self._of[id].discard(listener)
                if not self._of[id]:
                    del self._of[id]

        return end

    def any(self, id: str) -> bool:
        """Whether somebody listens to the room."""
        with self._lock:
            return bool(self._of.get(id))

    def tell(self, id: str, version: int) -> None:
        """Tell all listeners the version of the room."""
        with self._lock:
            listeners = list(self._of.get(id, ()))
        for listener in listeners:
            try:
                listener(version)
            except Exception:  # a page that has gone must not undo what the host did
                log.exception("a listener of a room failed")
