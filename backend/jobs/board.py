"""Every job the server knows of. Page threads and the dispatcher meet here, under one lock."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from threading import Condition
from typing import Any

from backend.jobs.job import Job, JobView, State
from backend.jobs.queue import Queue


class Board:
    """Adds, moves and forgets jobs. Safe from any thread."""

    def __init__(self, keep_per_visitor: int, keep_in_all: int) -> None:
        self._keep_per_visitor = keep_per_visitor
        self._keep_in_all = keep_in_all
        self._jobs: dict[str, Job] = {}  # oldest first
        self._queue = Queue()
        self._changed = Condition()

    def add(self, job: Job) -> None:
        """Queue a new job."""
        with self._changed:
            self._jobs[job.id] = job
            self._queue.push(job)
            self._renumber()

    def take(self) -> Job | None:
        """The next job in fair order, now running; None when nobody waits."""
        with self._changed:
            job = self._queue.pop()
            if job is not None:
                self._set(job, state="running", position=None, started_at=time.time())
                self._renumber()
            return job

    def put_back(self, job: Job) -> bool:
        """Queue a running job again, as the next. False, and nothing happens, the second time or if it is cancelled."""
        with self._changed:
            if job.was_put_back or job.ended or job.view().cancelling:
                return False
            job.was_put_back = True
            self._queue.put_back(job)
            self._set(job, state="queued", started_at=None)
            self._renumber()
            return True

    def report(self, job_id: str, event: dict[str, Any]) -> None:
        """Append ``event`` to the job's events, if it is ours and still running."""
        with self._changed:
            job = self._jobs.get(job_id)
            if job is not None and job.state == "running":
                self._set(job, events=(*job.events, event))

    def ask_to_cancel(self, job: Job, message: str) -> bool:
        """Cancel a queued job at once, mark a running one. False if it has ended."""
        with self._changed:
            if job.ended:
                return False
            if self._queue.remove(job):
                self.end(job, "cancelled", message=message)
                self._renumber()
            else:
                self._set(job, cancelling=True)
            return True

    def end(self, job: Job, state: State, result: Any = None, message: str = "") -> None:
        """Give ``job`` its last state, once: a second end changes nothing."""
        with self._changed:
            if not job.ended:
                self._set(
                    job,
                    state=state,
                    position=None,
                    result=result,
                    message=message,
                    finished_at=time.time(),
                )
                self._forget_oldest()

    def end_running(self, message: str) -> None:
        """There are no workers any more: what ran is lost, what was being cancelled is cancelled."""
        with self._changed:
            for job in list(self._jobs.values()):
                if job.state == "running":
                    self.end(job, "cancelled" if job.view().cancelling else "lost", message=message)

    def end_all(self, message: str) -> None:
        """There will be no workers any more: what waits is lost too."""
        with self._changed:
            self.end_running(message)
            for job in list(self._queue):
                self.end(job, "lost", message=message)
            self._queue = Queue()

    def get(self, visitor: str, job_id: str) -> Job | None:
        """The visitor's own job of that id, None if there is none (or it was forgotten)."""
        with self._changed:
            job = self._jobs.get(job_id)
            return job if job is not None and job.visitor == visitor else None

    def latest(self, visitor: str, kind: str) -> Job | None:
        """The job of that kind that the visitor submitted last, None if there is none."""
        with self._changed:
            mine = (job for job in reversed(self._jobs.values()) if (job.visitor, job.kind) == (visitor, kind))
            return next(mine, None)

    def wait(self, job: Job, timeout: float | None) -> JobView:
        """Block until ``job`` has ended or ``timeout`` seconds have passed; either way, how it stands."""
        with self._changed:
            self._changed.wait_for(lambda: job.ended, timeout)
            return job.view()

    def _set(self, job: Job, **changes: Any) -> None:
        job._view = replace(job._view, **changes)
        self._changed.notify_all()

    def _renumber(self) -> None:
        for position, job in enumerate(self._queue, start=1):
            if job.position != position:
                self._set(job, position=position)

    def _forget_oldest(self) -> None:
        ended = [job for job in reversed(self._jobs.values()) if job.ended]
        seen: Counter[tuple[str, str]] = Counter()
        for age, job in enumerate(ended):
            seen[job.visitor, job.kind] += 1
            if age >= self._keep_in_all or seen[job.visitor, job.kind] > self._keep_per_visitor:
                del self._jobs[job.id]
