"""Returns unused memory to the system after visitors have left."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
from collections.abc import Callable

_EVERY = 15.0
_M_ARENA_MAX = -8


def limit_malloc_arenas() -> None:
    """Use one heap for all threads. By default glibc gives each thread of a page its own, and none of them shrinks."""
    libc = _libc()
    if libc is not None:
        libc.mallopt(_M_ARENA_MAX, 1)


async def trim_when_idle(sessions: Callable[[], int], every: float = _EVERY) -> None:
    """For ever: collect garbage and trim the heap whenever fewer sessions are connected than before, or none is.

    Streamlit's own collection after each script run is off, and it drops a session minutes after its visitor has left.
    """
    before = 0
    while True:
        await asyncio.sleep(every)
        now = sessions()
        if now < before or now == 0:
            await asyncio.to_thread(trim_heap)
        before = now


def trim_heap() -> None:
    """Collect garbage, and return free pages to the system."""
    gc.collect()
    libc = _libc()
    if libc is not None:
        libc.malloc_trim(0)


def _libc() -> ctypes.CDLL | None:
    """The C library, if it is glibc."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    return libc if hasattr(libc, "malloc_trim") else None
