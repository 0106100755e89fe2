"""One page is drawn at a time: who comes first is served first, instead of all at once and each of them late.

Python runs one thread at a time. Twenty pages drawn side by side would take turns of some milliseconds, none would be
done before nearly all are, and what sends them to the browsers would wait for a turn as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local

from components.live import flush

#: Seconds after which a page is drawn beside others, so that a slow one holds up nobody for long.
_PATIENCE = 2.0
_drawing = Lock()
_here = local()  # whether this thread is drawing a page


@contextmanager
def render_lock() -> Iterator[None]:
    """Wait until no other page is being drawn, and at the end until what was drawn is handed over.

    What is drawn within (a fragment on its page) waits for neither.
    """
    if getattr(_here, "drawing", False):
        yield
        return
    mine = _drawing.acquire(timeout=_PATIENCE)
    _here.drawing = True
    try:
        yield
    finally:
        _here.drawing = False
        if mine:
            _drawing.release()
    flush.wait()
