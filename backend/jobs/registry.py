"""Every job that the server knows. Page threads and the dispatcher share it, under one lock."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import replace
from threading import Condition
from typing import Any

from backend.jobs.compression import Compressed
from backend.jobs.endings import CANCELLED
from backend.jobs.job import Job, JobView, State
from backend.jobs.messages import Event, Payload
from backend.jobs.queue import Queue
from backend.jobs.wait_estimate import WaitEstimator, most_long_jobs

#: Times that a job is queued again because it lost its worker. After that, the job itself may be what ends the workers.
_MAX_REQUEUES = 3
#: Seconds that a spare job waits before it starts, so that a visitor who changes one setting after another causes one;
#: and after which it is dropped.
_SPARE_AFTER, _SPARE_WITHIN = 0.5, 10.0
#: The most bytes of a result that an evicted job keeps while a page holds the job.
_SMALL_RESULT = 2**20


class JobRegistry:
    """Adds, starts, ends and evicts jobs. Safe from any thread.

    Ended jobs are kept for their visitors up to `keep_in_all` together, and `keep_bytes` of results. An evicted job
    still exists while a page holds it, but without its result if that is large.
    """

    def __init__(self, keep_in_all: int, keep_bytes: int = 2**28, longest: float = float("inf")) -> None:
        self._keep_in_all, self._keep_bytes = keep_in_all, keep_bytes
        self._jobs: dict[str, Job] = {}  # oldest first, without spare ones
        self._queue = Queue()
        self._spare: Job | None = None  # the spare job that waits: the one that was added last
        self._running: set[Job] = set()
        self._draining = False
        self._estimator = WaitEstimator(longest)
        self._changed = Condition()
        self.on_end: Callable[[Job], None] | None = None

    def add(self, job: Job, admit: Callable[[Queue], str | None] = lambda queue: None) -> None:
        """Queue a new job, or refuse it with the sentence that `admit` returns. A refused job is not kept."""
        with self._changed:
            refusal = admit(self._queue)
            if refusal:
                self._set(job, state="refused", message=refusal, finished_at=time.time())
                return
            self._jobs[job.id] = job
            job.followers[job.visitor] = job.payload
            self._queue.push(job)
            self._renumber()

    def add_spare(self, job: Job) -> None:
        """Let a spare job wait in place of the one before. It is not listed, counted or kept."""
        with self._changed:
            if self._spare is not None:
                self.end(self._spare, "cancelled", message=CANCELLED)
            self._spare = job

    def take(self, workers: int) -> Job | None:
        """The next job in fair order, now running; None when the queue is empty or no job may start any more.

        So that others find one of several `workers`, a network runs no more than `most_long_jobs` at once. A job waits
        for a spare one of equal affinity, which has been told to stop.
        """
        with self._changed:
            if self._draining:
                return None
            prepared = {job.payload.affinity for job in self._running if job.spare} - {None}

            def may_start(job: Job) -> bool:
                long = [each for each in self._running if each.network == job.network and self._estimator.is_long(each)]
                crowded = self._estimator.is_long(job) and len(long) >= most_long_jobs(workers)
                return not crowded and job.payload.affinity not in prepared

            job = self._queue.pop(self._ordinary, may_start) or self._take_spare()
            if job is not None:
                self._running.add(job)
                self._set(job, state="running", position=None, started_at=time.time(), message="")
                self._renumber()
            return job

    def _take_spare(self) -> Job | None:
        """The spare job that waits, if it may start: no other job waits, and no spare one runs."""
        job = self._spare
        if job is None:
            return None
        age = time.time() - job.view().submitted_at
        if age > _SPARE_WITHIN:
            self._spare = None
            self.end(job, "cancelled", message=CANCELLED)
        if self.waiting or age < _SPARE_AFTER or job.ended or any(each.spare for each in self._running):
            return None
        self._spare = None
        return job

    def stop_spare(self) -> list[Job]:
        """Mark the running spare jobs that have to stop.

        They give way to a job that waits, to one that has begun since and is not urgent, and to a spare job of the same
        visitor.
        """
        with self._changed:
            last = max([job.view().started_at or 0 for job in self._ordinary if not job.urgent], default=0)
            replaced = self._spare.visitor if self._spare is not None else None
            stopping = [
                job
                for job in self._running
                if job.spare
                and not job.view().cancelling
                and (self.waiting or last > (job.view().started_at or 0) or replaced == job.visitor)
            ]
            for job in stopping:
                self._set(job, cancelling=True)
            return stopping

    def join(self, job: Job, visitor: str, payload: Payload, network: str = "") -> None:
        """Let another visitor, who requested `payload`, wait for `job`.

        It becomes theirs and moves to their line if it starts sooner there.
        """
        with self._changed:
            job.followers[visitor] = payload
            if self._queue.join(job, visitor, self._ordinary, network):
                self._set(job, visitor=visitor)
                self._renumber()

    def followed_jobs(self, visitor: str, kinds: Collection[str]) -> list[Job]:
        """The jobs of these kinds that the visitor has requested and not unfollowed, ended ones too; oldest first."""
        with self._changed:
            return [job for job in self._jobs.values() if visitor in job.followers and job.kind in kinds]

    def unfollow(self, job: Job, visitor: str) -> None:
        """No longer list `job` for the visitor, who has seen how it ended or no longer wants it."""
        with self._changed:
            job.followers.pop(visitor, None)

    def requeue(self, job: Job) -> bool:
        """Queue a running job again, as the next one, and drop its events.

        False, and nothing changes, if it was cancelled or requeued too often, is a spare job, or if no job may start
        any more.
        """
        with self._changed:
            if job.spare or job.requeue_count >= _MAX_REQUEUES:
                return False
            if self._draining or job.ended or job.view().cancelling:
                return False
            job.requeue_count += 1
            self._running.discard(job)
            self._queue.requeue(job)
            self._set(job, state="queued", started_at=None, stored_events=())
            self._renumber()
            return True

    def report(self, job_id: str, event: Event) -> None:
        """Append `event` to the job's events, if the job is in this registry and still running."""
        with self._changed:
            job = self.running_job(job_id)
            if job is not None:
                self._set(job, stored_events=(*job.events, event))

    def running_job(self, job_id: str) -> Job | None:
        """The running job of that id; None if it does not run, or belongs to another server."""
        with self._changed:
            job = self._jobs.get(job_id)
            return job if job is not None and job.state == "running" else None

    def cancel(self, job: Job, message: str, state: State = "cancelled") -> bool:
        """End a queued job at once, and have a running one end in that state. False if it has ended."""
        with self._changed:
            if job.ended:
                return False
            if self._queue.remove(job):
                self.end(job, state, message=message)
                self._renumber()
            else:
                job.stop_reason = (state, message)
                self._set(job, cancelling=True)
            return True

    def cancel_abandoned(self, seconds: float, message: str) -> list[Job]:
        """Cancel jobs that no page has shown for `seconds`, if another visitor, who does look, waits for a worker.

        Call it after `take`: what waits then cannot start. Queued jobs end at once. Running ones are returned: those
        abandoned first, at most one for each visitor who waits, minus those that are being cancelled already.
        """
        with self._changed:
            running, queued = self._ordinary, list(self.waiting)
            busy = {job.line for job in running}
            waiting = {job.visitor for job in queued if job.line not in busy and not job.is_abandoned(seconds)}
            left = [job for job in (*queued, *running) if job.is_abandoned(seconds) and waiting - {job.visitor}]
            stopping = sorted((job for job in left if job.state == "running"), key=lambda job: job.looked_at)
            free = sum(job.view().cancelling for job in running)
            stopping = [job for job in stopping if not job.view().cancelling][: max(len(waiting) - free, 0)]
            for job in left:
                if job.state == "queued" or job in stopping:
                    self.cancel(job, message, "abandoned")
            return stopping

    def end(self, job: Job, state: State, result: Any = None, message: str = "") -> None:
        """Give `job` its last state. A second call changes nothing."""
        with self._changed:
            if not job.ended:
                self._running.discard(job)
                self._estimator.learn(job, state)
                events = Compressed.of(job.events)
                size = len(events.data) + (len(result.data) if isinstance(result, Compressed) else 0)
                ended = {"state": state, "message": message, "position": None, "finished_at": time.time()}
                self._set(job, stored_result=result, stored_events=events, size=size, **ended)
                self._evict_oldest()

    def evict(self, job: Job) -> None:
        """Remove `job` if it has ended. For a job whose result was taken, and which no page shows again."""
        with self._changed:
            if job.ended:
                self._jobs.pop(job.id, None)

    def end_running(self, message: str) -> None:
        """End all running jobs, because all workers are gone: as cancelled if that was requested, otherwise as lost."""
        with self._changed:
            for job in list(self._running):
                self.end(job, "cancelled" if job.view().cancelling else "lost", message=message)

    def end_waiting(self, message: str) -> None:
        """Start no more jobs, and end the queued ones as lost."""
        with self._changed:
            self._draining = True
            for job in [*self._queue, *filter(None, [self._spare])]:
                self.end(job, "lost", message=message)
            self._queue, self._spare = Queue(), None

    def end_all(self, message: str) -> None:
        """End all jobs, because the server stops: `end_running` and `end_waiting`."""
        with self._changed:
            self.end_running(message)
            self.end_waiting(message)

    @property
    def waiting(self) -> tuple[Job, ...]:
        """The queued jobs in the order in which they will start."""
        with self._changed:
            return tuple(self._queue)

    @property
    def running(self) -> int:
        """How many jobs run, without spare ones."""
        return len(self._ordinary)

    @property
    def _ordinary(self) -> list[Job]:
        """The running jobs without spare ones."""
        return [job for job in tuple(self._running) if not job.spare]

    def expected_wait(self, job_id: str, workers: int) -> float:
        """Seconds until a queued job will probably start; 0 for any other."""
        with self._changed:
            job = self._jobs.get(job_id)
            if job is None or job.state != "queued":
                return 0.0
            return self._estimator.estimate_wait(job, self._ordinary, self._queue, workers)

    def queue_length(self, urgent: bool = False) -> int:
        """How many jobs wait: the urgent ones, or the others."""
        with self._changed:
            return self._queue.length(urgent)

    def get(self, visitor: str, job_id: str) -> Job | None:
        """The visitor's own job of that id; None if there is none, or if it was evicted."""
        with self._changed:
            job = self._jobs.get(job_id)
            return job if job is not None and job.visitor == visitor else None

    def wait(self, job: Job, timeout: float | None) -> JobView:
        """Block until `job` has ended or `timeout` seconds have passed; return its view in either case."""
        with self._changed:
            job.waiters += 1
            try:
                self._changed.wait_for(lambda: job.ended, timeout)
            finally:
                job.waiters -= 1
            return job.look()

    def _set(self, job: Job, **changes: Any) -> None:
        job.replace_view(replace(job.view(), **changes))
        self._changed.notify_all()
        if job.ended and self.on_end is not None:
            self.on_end(job)

    def _renumber(self) -> None:
        for position, job in enumerate(self._queue, start=1):
            if job.position != position:
                self._set(job, position=position)

    def _evict_oldest(self) -> None:
        """Evict ended jobs beyond the limits, and drop their results if these are large, even if a page holds the job.

        They are ordered by their end: a job that waited or ran for long was submitted long before others that ended
        before it.
        """
        ended = sorted((job for job in self._jobs.values() if job.ended), key=lambda job: job.view().finished_at or 0)
        size = 0
        for age, job in enumerate(reversed(ended)):
            view = job.view()
            size += view.size
            if age >= self._keep_in_all or (age and size > self._keep_bytes):
                del self._jobs[job.id]
                events = len(view.stored_events.data) if isinstance(view.stored_events, Compressed) else 0
                if view.size - events > _SMALL_RESULT:
                    job.replace_view(replace(view, stored_result=None, size=events))
