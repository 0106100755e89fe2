"""The messages for the visitor of a job that did not finish."""

from __future__ import annotations

from backend.jobs.job import Job
from backend.words import counted

CANCELLED = "Cancelled."
LOST = "The server lost the worker process that ran this job. Run it again."


def abandoned_sentence(seconds: float) -> str:
    """The message of a job that was cancelled because nobody looked at it and another visitor waited."""
    return (
        f"This job was cancelled because no page had shown it for {seconds / 60:.3g} minutes and another visitor was "
        "waiting for a worker. Run it again."
    )


def fault_sentence(job: Job) -> str:
    """The message of a job that failed because of a fault of ours; the traceback goes to the log."""
    return (
        f"Something went wrong on the server. Its log has the details under {job.id[:8]}. "
        "Try again, or change a setting."
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


def displaced_sentence(spent: float) -> str:
    """The message of a displaced job that had run for `spent` seconds."""
    return (
        f"Interrupted after {counted(round(spent), 'second')}, because your network has other jobs here and "
        "a visitor from another network was waiting. Your job will start again by itself."
    )
