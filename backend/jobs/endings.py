"""The last state of a job, and the sentence for the visitor of one that did not finish."""

from __future__ import annotations

from typing import cast

from backend.jobs.job import Job, State
from backend.jobs.runtime import Outcome

CANCELLED = "Cancelled."
LOST = "The server lost the worker process that ran this job. Run it again."


def ending(job: Job, outcome: Outcome) -> tuple[State, str]:
    """The last state of `job` after this outcome in its worker, and the sentence for its visitor.

    A job that the server stopped ends with the server's reason.
    """
    state, message = cast(State, outcome.state), outcome.message
    if state == "lost" and job.view().cancelling:
        state = "cancelled"
    if state in ("lost", "cancelled") and job.stop_reason:
        state, message = job.stop_reason
    usual: dict[State, str] = {"cancelled": CANCELLED, "lost": LOST, "failed": _fault_sentence(job)}
    return state, message or usual.get(state, "")


def abandoned_sentence(seconds: float) -> str:
    """The message of a job that was cancelled because nobody looked at it and another visitor waited."""
    return (
        f"This job was cancelled because no page had shown it for {seconds / 60:.3g} minutes and another visitor was "
        "waiting for a worker. Run it again."
    )


def out_of_memory_sentence(megabytes: int) -> str:
    """The message of a job whose worker was stopped because of its memory."""
    return (
        f"This job was stopped because it used more than 95% of the {megabytes:,} MB of memory that a job may use "
        "here. A smaller model or batch uses less."
    )


def out_of_time_sentence(seconds: float) -> str:
    """The message of a job that took too long."""
    return f"This job was stopped after {seconds:,.0f} seconds, the time limit on this server."


def _fault_sentence(job: Job) -> str:
    """The message of a job that failed because of a fault of ours; the traceback goes to the log."""
    return (
        f"Something went wrong on the server. Its log has the details under {job.id[:8]}. "
        "Try again, or change a setting."
    )
