"""Which jobs nobody looks at and somebody else waits for."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from backend.jobs.job import Job


def abandonment(running: Collection[Job], queue: Sequence[Job], seconds: float) -> tuple[list[Job], list[Job]]:
    """The queued and the running jobs to cancel: no page has shown them for `seconds`, and they delay another visitor.

    That one looks at a job of their own, which waits for a worker and not for another job of theirs. Of the running
    jobs, as many are chosen as visitors wait, those first that were abandoned first.
    """
    busy = {job.line for job in running}
    waiting: set[str] = set()
    queued: list[Job] = []
    for job in reversed(queue):
        if job.abandoned(seconds):
            if waiting - {job.visitor}:
                queued.append(job)
        elif job.line not in busy:
            waiting.add(job.visitor)
    stopping = sum(job.view().cancelling for job in running)
    chosen = [
        job
        for job in sorted(running, key=lambda job: (job.looked_at, job.view().submitted_at))
        if job.abandoned(seconds) and not job.view().cancelling and waiting - {job.visitor}
    ]
    return queued, chosen[: max(len(waiting) - stopping, 0)]
