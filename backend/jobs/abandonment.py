"""Chooses jobs to cancel: nobody looks at them, and they delay another visitor."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from backend.jobs.job import Job


def abandonment(running: Collection[Job], queue: Sequence[Job], seconds: float) -> tuple[list[Job], list[Job]]:
    """The queued and the running jobs to cancel: no page has shown them for `seconds`, and they delay another visitor.

    A visitor is delayed if a page still shows a queued job of theirs that waits for a worker, and not for another of
    their own jobs. Of the running jobs, those abandoned first are chosen: at most one for each delayed visitor, minus
    those that are being cancelled already.
    """
    busy = {job.line for job in running}
    waiting: set[str] = set()
    queued: list[Job] = []
    for job in reversed(queue):
        if job.is_abandoned(seconds):
            if waiting - {job.visitor}:
                queued.append(job)
        elif job.line not in busy:
            waiting.add(job.visitor)
    stopping = sum(job.view().cancelling for job in running)
    chosen = [
        job
        for job in sorted(running, key=lambda job: (job.looked_at, job.view().submitted_at))
        if job.is_abandoned(seconds) and not job.view().cancelling and waiting - {job.visitor}
    ]
    return queued, chosen[: max(len(waiting) - stopping, 0)]
