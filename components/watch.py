"""A visitor's job on a page: started there, found again after a refresh, looked at while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from backend.jobs import Job, JobView
from backend.service import jobs
from components import state
from components.visitor import visitor

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
        st.session_state[self._key] = jobs.submit(visitor(), self.kind, payload).id

    def cancel(self) -> None:
        """Callback: stop the job."""
        state.touch()
        job = self.job()
        if job is not None:
            jobs.cancel(visitor(), job.id)

    def live(self, draw: Callable[[], None]) -> None:
        """Draw as a fragment, with a clock only while the job runs."""
        first = self._running()

        def look() -> None:
            now = self._running()
            if (now is None) != (first is None):
                state.touch()  # the query of a fragment's run may be an older one
                st.rerun()  # the whole page: with a clock from here on, or without
            draw()

        st.fragment(look, run_every=pace(first) if first else None)()

    @property
    def _key(self) -> str:
        return f"{self.kind}.job"

    def _running(self) -> JobView | None:
        job = self.job()
        view = job.view() if job else None
        return view if view is not None and not view.ended else None


def waiting(view: JobView) -> str:
    """Where a queued job stands, in a sentence."""
    status = jobs.status
    return "Waiting: " + (f"place {view.position} in the queue" if status.state == "ready" else status.sentence)


def pace(view: JobView) -> float:
    """Seconds to the next look: less often the further back in the queue."""
    ahead = (view.position or 1) - 1
    return min(_QUEUED_POLL + 0.3 * ahead, _SLOWEST_POLL) if ahead else _POLL
