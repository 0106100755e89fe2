"""Redraw a part of a page while a job is unfinished."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import streamlit as st

from backend.jobs import Job, JobView
from components.live.draw_times import DrawTimes
from components.live.render_lock import render_lock
from components.session import state

_POLL, _QUEUED_POLL, SLOWEST_POLL = 0.6, 1.5, 5.0
#: The draws of this server's polled fragments.
draw_times = DrawTimes()


def poll_while(
    draw: Callable[[], None],
    pending: Callable[[], JobView | None],
    at_end: Callable[[], None] | None = None,
    others: Callable[[], object] = lambda: None,
    at_least: float = 0.0,
) -> None:
    """Draw as a fragment that is redrawn while a job is pending. The whole page is redrawn when that changes.

    `at_end` is called when the last pending job has ended. `others` returns what other parts of the page show of the
    job: when it changes, they are redrawn too. `draw` must contain no other fragment: nested ones with a timer can
    leave the page blank (Streamlit issue 15084).
    `at_least` is the shortest interval in seconds.
    """
    first, before = pending(), others()

    def fragment() -> None:
        with render_lock():
            redraw()

    def redraw() -> None:
        now = pending()
        if (now is None) != (first is None) or others() != before:
            if now is None and first is not None and at_end:
                at_end()
            state.redraw()  # from here on with a timer, or without
        began = time.perf_counter()
        draw()
        draw_times.add(began, time.perf_counter() - began)

    st.fragment(fragment, run_every=max(poll_interval(first, draw_times), at_least) if first else None)()


def first_unfinished(jobs: Iterable[Job | None]) -> JobView | None:
    """The first of `jobs` that has not ended, as it stands. All of them count as looked at."""
    views = [job.look() for job in jobs if job is not None]
    return next((view for view in views if not view.ended), None)


def poll_interval(view: JobView, times: DrawTimes) -> float:
    """Seconds to the next poll: longer the further back in the queue, and the longer a draw currently takes.

    If drawing a fragment took longer than its interval, its own next poll would stop it and it would never be drawn.
    """
    ahead = (view.position or 1) - 1
    wanted = min(_QUEUED_POLL + 0.3 * ahead, SLOWEST_POLL) if ahead else _POLL
    return _not_below_draws(wanted, times)


def running_poll() -> float:
    """Seconds from one poll of a running job to the next, including the time that a draw currently takes."""
    return _not_below_draws(_POLL, draw_times) + draw_times.slowest()


def _not_below_draws(seconds: float, times: DrawTimes) -> float:
    return max(seconds, 3 * times.slowest())
