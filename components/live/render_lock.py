"""Draw one page at a time, in the order of arrival.

Python runs one thread at a time. If twenty pages were drawn at once, they would take turns of some milliseconds: nearly
all would finish last, and the event loop that sends them to the browsers would wait for its turn as well.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, local


class Flush:
    """Waits for an event loop to handle what other threads have queued on it. Without a loop it does not wait.

    The event loop sends what a script run has queued. If the run ends first and a fragment's timer then requests the
    next run, Streamlit drops the messages that are still queued (see `AppSession.request_rerun`; Streamlit issue 9921).
    If these contain the page's new timers, the page never updates again.
    """

    def __init__(self, loop: AbstractEventLoop | None = None, patience: float = 2.0) -> None:
        """`patience` is the longest wait in seconds. A loop that is blocked for longer could not send anyway."""
        self.loop = loop
        self._patience = patience

    def wait(self) -> None:
        """Block until the loop has handled what this thread has queued so far."""
        if self.loop is None:
            return
        reached = Event()
        with suppress(RuntimeError):  # the loop is closed: the server is stopping
            self.loop.call_soon_threadsafe(reached.set)
            reached.wait(self._patience)


#: The flush of this server. The server's lifespan sets its loop.
server_flush = Flush()


class RenderLock:
    """A lock for drawing pages; reentrant, so that a fragment on a page does not wait for its own page."""

    def __init__(self, flush: Flush, patience: float = 2.0) -> None:
        """If one page takes more than `patience` seconds, those that wait are drawn without the lock.

        While pages take turns, all others wait, however many there are: drawn at once they would take longer.
        """
        self._flush = flush
        self._patience = patience
        self._thread = local()  # `drawing`: whether this thread is drawing a page
        self._mutex = Lock()
        self._drawing = False
        self._drawn = 0  # pages so far
        self._queue: deque[Event] = deque()

    @property
    def waiting(self) -> int:
        """How many pages wait for their turn."""
        return len(self._queue)

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Wait until no other page is being drawn; at the end, flush what was drawn. Works as a decorator, too.

        An inner use (a fragment on its page) neither waits nor flushes.
        """
        if getattr(self._thread, "drawing", False):
            yield
            return
        locked = self._wait()
        self._thread.drawing = True
        try:
            yield
        finally:
            self._thread.drawing = False
            if locked:
                self._pass_on()
        self._flush.wait()

    def _wait(self) -> bool:
        """Wait for this page's turn. False if it is drawn without one."""
        turn = Event()
        with self._mutex:
            if not self._drawing:
                self._drawing = True
                return True
            self._queue.append(turn)
            drawn = self._drawn
        while not turn.wait(self._patience):
            with self._mutex:
                if self._drawn == drawn and not turn.is_set():
                    self._queue.remove(turn)
                    return False
                drawn = self._drawn
        return True

    def _pass_on(self) -> None:
        """Give the turn to the page that has waited longest."""
        with self._mutex:
            self._drawn += 1
            if self._queue:
                self._queue.popleft().set()
            else:
                self._drawing = False


#: The lock that all pages of this server share.
render_lock = RenderLock(server_flush)
