"""One page is drawn at a time: who comes first is served first, instead of all at once and each of them late.

Python runs one thread at a time. Twenty pages drawn side by side would take turns of some milliseconds, none would be
done before nearly all are, and what sends them to the browsers would wait for a turn as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

#: Seconds after which a page is drawn beside others, so that a slow one holds up nobody for long.
_PATIENCE = 2.0
_drawing = RLock()


@contextmanager
def turn() -> Iterator[None]:
    """Wait until no other page is being drawn. What is drawn within (a fragment on its page) waits no more."""
    mine = _drawing.acquire(timeout=_PATIENCE)
    try:
        yield
    finally:
        if mine:
            _drawing.release()
