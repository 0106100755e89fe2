"""The last state of a job, and what its visitor reads."""

from __future__ import annotations

from typing import cast

from backend.jobs.job import Job, State
from backend.jobs.runtime import Outcome
from backend.jobs.sentences import CANCELLED, LOST, fault_sentence


def ending(job: Job, outcome: Outcome) -> tuple[State, str]:
    """The last state of `job` after this outcome in its worker, and the sentence for its visitor.

    A job that the server stopped ends with the server's reason.
    """
    state, message = cast(State, outcome.state), outcome.message
    if state == "lost" and job.view().cancelling:
        state = "cancelled"
    elif state == "cancelled" and job.yielding and not job.view().cancelling:
        state = "lost"  # the server stops, so it does not begin again
    if state in ("lost", "cancelled") and job.stop_reason:
        state, message = job.stop_reason
    usual: dict[State, str] = {"cancelled": CANCELLED, "lost": LOST, "failed": fault_sentence(job)}
    return state, message or usual.get(state, "")
