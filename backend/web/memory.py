"""Memory that visitors leave behind goes back to the system when they have gone."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
from collections.abc import Callable

_EVERY = 15.0
_M_ARENA_MAX = -8


def limit_malloc_arenas() -> None:
    """One heap for all threads, where glibc would give each page's thread its own and let none of them shrink."""
    libc = _libc()
    if libc is not None:
        libc.mallopt(_M_ARENA_MAX, 1)


async def trim_when_idle(sessions: Callable[[], int], every: float = _EVERY) -> None:
    """For ever: collect and give back, when fewer are connected than before or nobody is.

    Streamlit's own collection after each run is off, and forgets a session minutes after its visitor has left.
    """
    before = 0
    while True:
        await asyncio.sleep(every)
        now = sessions()
        if now < before or now == 0:
            await asyncio.to_thread(trim_heap)
        before = now


def trim_heap() -> None:
    """Collect what refers to itself, and return free pages to the system."""
    gc.collect()
    libc = _libc()
    if libc is not None:
        libc.malloc_trim(0)


def _libc() -> ctypes.CDLL | None:
    """The C library where it is glibc."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    return libc if hasattr(libc, "malloc_trim") else None
