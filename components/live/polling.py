"""Redraw a part of a page while a job is unfinished."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable

import streamlit as st

from backend.jobs import Job, JobView
from components.live.render_lock import render_lock
from components.session import state
from components.streamlit_internals.script_run import end_timer

#: Seconds between two polls: of a running job, at least of one that waits behind others, and at most.
_POLL, _QUEUED_POLL, SLOWEST_POLL = 0.6, 1.5, 5.0
#: Seconds after which a draw is no longer counted: the first draw of a cold server says nothing about the next.
_RECENT = 10.0
#: The last draws of this server's polled fragments: when each began (by `time.perf_counter`), and its seconds.
draws: deque[tuple[float, float]] = deque(maxlen=20)


class Watch:
    """A job, and what the page shows of it. Both are read when the watch is made, before the page draws any of it.

    So a change while the page is drawn is noticed, and no part keeps showing an older state than the rest.
    """

    def __init__(
        self,
        pending: Callable[[], JobView | None],
        others: Callable[[], object] = lambda: None,
        *,
        alone: bool = False,
    ) -> None:
        """`pending` returns the job while it is unfinished, `others` what other parts of the page show of it.

        If the watch is `alone`, no part of the page changes with the end of the job but what the watch draws.
        """
        self._pending, self._others, self._alone = pending, others, alone
        self._first, self._before = pending(), others()

    def draw(self, draw: Callable[[], None], at_least: float = 0.0) -> None:
        """Draw as a fragment that is redrawn while a job is pending.

        The whole page is redrawn when that changes, or when `others` does. If the watch is alone, the end of the job
        only stops the polling. `draw` must contain no other fragment: nested ones with a timer can leave the page blank
        (Streamlit issue 15084). `at_least` is the shortest interval in seconds.
        """
        first = self._first
        interval = poll_interval(first) if first else 0.0

        def fragment() -> None:
            with render_lock():
                if self._alone and self._first and self._pending() is None:
                    self._first = None
                    end_timer()
                self._redraw_if_changed()
                began = time.perf_counter()
                draw()
                draws.append((began, time.perf_counter() - began))
                self._redraw_if_changed()  # what was drawn may be newer than the rest of the page

        st.fragment(fragment, run_every=max(interval, at_least) if first else None)()

    def _redraw_if_changed(self) -> None:
        now = self._pending()
        if (now is None) != (self._first is None) or self._others() != self._before:
            state.redraw()  # the redrawn page starts or stops polling


def poll_while(
    draw: Callable[[], None], pending: Callable[[], JobView | None], at_least: float = 0.0, *, alone: bool = False
) -> None:
    """Draw as a fragment that is redrawn while a job is pending. No other part of the page may show that job.

    If it is `alone`, nothing else on the page changes when the job ends.
    """
    Watch(pending, alone=alone).draw(draw, at_least)


def first_unfinished(jobs: Iterable[Job | None]) -> JobView | None:
    """The first of `jobs` that has not ended, as it stands. All of them count as looked at."""
    views = [job.look() for job in jobs if job is not None]
    return next((view for view in views if not view.ended), None)


def poll_interval(view: JobView) -> float:
    """Seconds to the next poll: longer the further back in the queue, and the longer a draw currently takes.

    If drawing a fragment took longer than its interval, its own next poll would stop it and it would never be drawn.
    """
    ahead, since = (view.position or 1) - 1, time.perf_counter() - _RECENT
    slowest = max((seconds for began, seconds in list(draws) if began > since), default=0.0)
    return max(min(_QUEUED_POLL + 0.3 * ahead, SLOWEST_POLL) if ahead else _POLL, 3 * slowest)
