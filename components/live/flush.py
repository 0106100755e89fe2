"""Block until Streamlit's event loop has flushed a script run's messages.

The event loop sends what a script run has queued. If the run ends first and a fragment's timer then requests the next
run, Streamlit drops the messages that are still queued (see `AppSession.request_rerun`; Streamlit issue 9921). If these
contain the page's new timers, the page never updates again.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop
from contextlib import suppress
from threading import Event


class Flush:
    """Waits for an event loop to handle what other threads have queued on it. Without a loop it does not wait."""

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
