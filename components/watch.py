"""A visitor's job on a page: started there, found again after a refresh, looked at while it runs."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from backend.jobs import Job, JobView
from backend.service import jobs
from components import state
from components.text import about
from components.visitor import visitor

_REFUSAL = "refusal"
#: Seconds that the server's last looks took, whoever's they were.
_drawn: deque[float] = deque(maxlen=20)
_POLL, _QUEUED_POLL, _SLOWEST_POLL = 0.6, 1.5, 5.0


@dataclass(frozen=True)
class Watch:
    """The visitor's own job of one kind."""

    kind: str

    def job(self) -> Job | None:
        """The one started on this page, or after a refresh the visitor's latest."""
        wanted = st.session_state.get(self._key)
        return (jobs.get(visitor(), wanted) if wanted else None) or jobs.latest(visitor(), self.kind)

    def start(self, payload: dict[str, Any]) -> None:
        """Submit a job (from a callback) and watch that one."""
        state.touch()
        job = jobs.submit(visitor(), self.kind, payload)
        if not refused(job):
            st.session_state[self._key] = job.id

    def cancel(self) -> None:
        """Callback: stop the job."""
        state.touch()
        job = self.job()
        if job is not None:
            jobs.cancel(visitor(), job.id)

    def pending(self) -> JobView | None:
        """The job as it stands, unless it has ended."""
        return unended([self.job()])

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


def live(
    draw: Callable[[], None], pending: Callable[[], JobView | None], at_end: Callable[[], None] | None = None
) -> None:
    """Draw as a fragment, with a clock only while a job is pending; the whole page again when that changes.

    `at_end` is called when the last pending job has ended.
    """
    first = pending()

    def look() -> None:
        now = pending()
        if (now is None) != (first is None):
            if now is None and at_end:
                at_end()
            state.redraw()  # with a clock from here on, or without
        began = time.perf_counter()
        draw()
        _drawn.append(time.perf_counter() - began)

    st.fragment(look, run_every=pace(first) if first else None)()


def unended(jobs: Iterable[Job | None]) -> JobView | None:
    """The first of `jobs` that has not ended, as it stands."""
    views = (job.view() for job in jobs if job is not None)
    return next((view for view in views if not view.ended), None)


def waiting(view: JobView) -> str:
    """Where a queued job stands, in a sentence."""
    if jobs.status.state != "ready":
        return jobs.status.sentence
    return f"Waiting: place {view.position} in the queue, {about(jobs.expected_wait(view))}"


def pace(view: JobView) -> float:
    """Seconds to the next look: less often the further back in the queue, and the longer a look takes the server now.

    A fragment that takes longer than its clock would be stopped by its own next look, and never be drawn.
    """
    ahead = (view.position or 1) - 1
    wanted = min(_QUEUED_POLL + 0.3 * ahead, _SLOWEST_POLL) if ahead else _POLL
    return max(wanted, 3 * max(_drawn, default=0.0))
