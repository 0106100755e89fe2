"""A visitor's own job of one kind: started on the page, found again after a refresh, cancelled."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from backend.jobs import Job, JobView
from backend.jobs.messages import Payload
from backend.services import services
from components.live.polling import first_unfinished
from components.live.refusal import refused
from components.session import state
from components.session.visitor import visitor


@dataclass(frozen=True)
class VisitorJob:
    """The visitor's own job of one kind."""

    kind: str

    def job(self) -> Job | None:
        """The job started on this page, or after a refresh the visitor's latest of that kind."""
        kept: Job | None = st.session_state.get(self._key)
        return kept or services().jobs.latest(visitor(), self.kind)

    def start(self, payload: Payload) -> Job | None:
        """Submit a job, from a callback. None if it was refused, or if an earlier one is unfinished."""
        state.touch()
        if self.pending() is not None:
            return None
        job = services().jobs.submit(visitor(), self.kind, payload)
        if refused(job):
            return None
        st.session_state[self._key] = job  # the job itself: the page keeps it when the server evicts it
        return job

    def cancel(self) -> None:
        """Callback: cancel the job."""
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
