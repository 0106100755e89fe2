"""A run of a page ends only when all that it drew is in the server's hands.

The server's event loop takes over what a run sends. Where the run has ended before it came to that, and a fragment's
clock asks for the next one, Streamlit drops what is left (its `AppSession.request_rerun` says so; its issue 9921). If
those are the page's new clocks, nothing on it moves again.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop
from contextlib import suppress
from threading import Event

#: Seconds to wait for a loop that is stuck; what is lost then, it could not have sent either.
_PATIENCE = 2.0
_loop: AbstractEventLoop | None = None


def to(loop: AbstractEventLoop) -> None:
    """From here on the server's event loop is `loop`."""
    global _loop
    _loop = loop


def wait() -> None:
    """Wait until the server's loop has come to what this thread has sent so far; without a server, not at all."""
    if _loop is None:
        return
    reached = Event()
    with suppress(RuntimeError):  # it was closed: the server is going
        _loop.call_soon_threadsafe(reached.set)
        reached.wait(_PATIENCE)
