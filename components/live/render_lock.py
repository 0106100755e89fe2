"""Draw one page at a time, in the order of arrival.

Python runs one thread at a time. If twenty pages were drawn at once, they would take turns of some milliseconds: nearly
all would finish last, and the event loop that sends them to the browsers would wait for its turn as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local

from components.live.flush import Flush, server_flush


class RenderLock:
    """A lock for drawing pages; reentrant, so that a fragment on a page does not wait for its own page."""

    def __init__(self, flush: Flush, patience: float = 2.0) -> None:
        """After `patience` seconds a page is drawn without the lock, so that a slow page delays nobody for long."""
        self._flush = flush
        self._patience = patience
        self._lock = Lock()
        self._thread = local()  # `drawing`: whether this thread is drawing a page

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Wait until no other page is being drawn; at the end, flush what was drawn. Works as a decorator, too.

        An inner use (a fragment on its page) neither waits nor flushes.
        """
        if getattr(self._thread, "drawing", False):
            yield
            return
        locked = self._lock.acquire(timeout=self._patience)
        self._thread.drawing = True
        try:
            yield
        finally:
            self._thread.drawing = False
            if locked:
                self._lock.release()
        self._flush.wait()


#: The lock that all pages of this server share.
render_lock = RenderLock(server_flush)
