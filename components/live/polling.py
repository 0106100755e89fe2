"""A visitor's job on a page: started there, found again after a refresh, looked at while it runs."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from backend.jobs import Job, JobView
from backend.services import services
from backend.words import about
from components.live.render_lock import render_lock
from components.session import state
from components.session.visitor import visitor

_REFUSAL = "refusal"
#: When the server's last looks began and the seconds each took, whoever's they were.
_drawn: deque[tuple[float, float]] = deque(maxlen=20)
#: Seconds for which a slow look slows down those that follow; a cold server's first one is no measure of the next run.
_RECENT = 10.0
_POLL, _QUEUED_POLL, SLOWEST_POLL = 0.6, 1.5, 5.0


@dataclass(frozen=True)
class Watch:
    """The visitor's own job of one kind."""

    kind: str

    def job(self) -> Job | None:
        """The one started on this page, or after a refresh the visitor's latest."""
        kept: Job | None = st.session_state.get(self._key)
        return kept or services().jobs.latest(visitor(), self.kind)

    def start(self, payload: dict[str, Any]) -> Job | None:
        """Submit a job (from a callback) and watch that one. None where it was refused, or one goes on already."""
        state.touch()
        if self.pending() is not None:
            return None
        job = services().jobs.submit(visitor(), self.kind, payload)
        if refused(job):
            return None
        st.session_state[self._key] = job  # itself: the page keeps it when the server forgets it
        return job

    def cancel(self) -> None:
        """Callback: stop the job."""
        state.touch()
        job = self.job()
        if job is not None:
            services().jobs.cancel(visitor(), job.id)

    def pending(self) -> JobView | None:
        """The job as it stands, unless it has ended."""
        return first_unfinished([self.job()])

    @property
    def _key(self) -> str:
        return f"{self.kind}.job"


def refused(job: Job) -> bool:
    """Whether `job` was refused; the page says why when it is drawn next (`refusal`), and keeps what it shows."""
    if job.state != "refused":
        return False
    st.session_state[_REFUSAL] = job.message
    return True


def refusal() -> None:
    """Say why the last job was refused, once."""
    message = st.session_state.pop(_REFUSAL, None)
    if message:
        st.warning(message, icon=":material/groups:")


def poll_while(
    draw: Callable[[], None],
    pending: Callable[[], JobView | None],
    at_end: Callable[[], None] | None = None,
    others: Callable[[], object] = lambda: None,
) -> None:
    """Draw as a fragment, with a clock only while a job is pending; the whole page again when that changes.

    `at_end` is called when the last pending job has ended. `others` tells what other parts of the page show of it: they
    are drawn again when it changes. No other fragment may be drawn within: Streamlit drops what it has not sent of a
    fragment when its clock ticks, and not what it has of one within, which then has no place on the page.
    """
    first, before = pending(), others()

    def look() -> None:
        with render_lock():
            drawn()

    def drawn() -> None:
        now = pending()
        if (now is None) != (first is None) or others() != before:
            if now is None and first is not None and at_end:
                at_end()
            state.redraw()  # with a clock from here on, or without
        began = time.perf_counter()
        draw()
        _drawn.append((began, time.perf_counter() - began))

    st.fragment(look, run_every=poll_interval(first) if first else None)()


def first_unfinished(jobs: Iterable[Job | None]) -> JobView | None:
    """The first of `jobs` that has not ended, as it stands. All count as looked at."""
    views = [job.look() for job in jobs if job is not None]
    return next((view for view in views if not view.ended), None)


def waiting(view: JobView) -> str:
    """Where a queued job stands, in a sentence."""
    jobs = services().jobs
    if jobs.status.state != "ready":
        return jobs.status.sentence
    return f"Waiting: place {view.position} in the queue, {about(jobs.expected_wait(view))}"


def progress(view: JobView, share: float, text: str) -> None:
    """A bar for a job that has not ended: its place in the queue, or its `share` of 1 with `text`."""
    if view.state == "queued":
        st.progress(0.0, text=waiting(view))
    else:
        st.progress(share, text="Cancelling …" if view.cancelling else text)


def asking(view: JobView) -> str:
    """What is waited for while Keras is asked, in a sentence."""
    return waiting(view) if view.state == "queued" else "Keras is asked …"


def answered(view: JobView, height: int) -> bool:
    """Whether Keras has answered. Where it has not, say so in a place of `height` pixels, or why it never will."""
    if view.state == "finished":
        return True
    if view.ended:
        st.warning(view.message)
    else:
        st.caption(asking(view))
        st.skeleton(height=height)
    return False


def poll_interval(view: JobView) -> float:
    """Seconds to the next look: less often the further back in the queue, and the longer a look takes the server now.

    A fragment that takes longer than its clock would be stopped by its own next look, and never be drawn.
    """
    ahead = (view.position or 1) - 1
    wanted = min(_QUEUED_POLL + 0.3 * ahead, SLOWEST_POLL) if ahead else _POLL
    since = time.perf_counter() - _RECENT
    return max(wanted, 3 * max((seconds for began, seconds in list(_drawn) if began > since), default=0.0))
