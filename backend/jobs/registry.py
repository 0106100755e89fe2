"""Every job that the server knows. Page threads and the dispatcher share it, under one lock."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import replace
from threading import Condition
from typing import Any

from backend.jobs import sentences
from backend.jobs.abandonment import abandonment
from backend.jobs.compression import Compressed
from backend.jobs.displacement import SWAP, displacement, seconds_to_displace
from backend.jobs.eviction import RetentionLimits
from backend.jobs.job import Job, JobView, State
from backend.jobs.messages import Event, Payload
from backend.jobs.queue import Queue
from backend.jobs.wait_estimate import WaitEstimator

#: Times that a job is queued again because it lost its worker. After that, the job itself may be what ends the workers.
_MAX_REQUEUES = 3


class JobRegistry:
    """Adds, starts, ends and evicts jobs. Safe from any thread.

    Ended jobs are kept for their visitors up to `keep_per_visitor` of a kind, `keep_in_all` together, and `keep_bytes`
    of results. An evicted job still exists while a page holds it, but without its result if that is large.
    """

    def __init__(
        self, keep_per_visitor: int, keep_in_all: int, keep_bytes: int = 2**28, longest: float = float("inf")
    ) -> None:
        self._limits = RetentionLimits(keep_per_visitor, keep_in_all, keep_bytes)
        self._jobs: dict[str, Job] = {}  # oldest first
        self._queue = Queue()
        self._running: set[Job] = set()
        self._displacing: Job | None = None  # the last job for which another gave its worker
        self._draining = False
        self._estimator = WaitEstimator(longest)
        self._changed = Condition()
        self.on_end: Callable[[Job], None] | None = None

    def add(self, job: Job, admit: Callable[[Queue], str | None] = lambda queue: None) -> None:
        """Queue a new job, or refuse it with the sentence that `admit` returns. A refused job is not stored."""
        with self._changed:
            refusal = admit(self._queue)
            if refusal:
                self._set(job, state="refused", message=refusal, finished_at=time.time())
                return
            self._jobs[job.id] = job
            job.followers[job.visitor] = job.payload
            self._queue.push(job)
            self._renumber()

    def take(self) -> Job | None:
        """The next job in fair order, now running; None when the queue is empty or no job may start any more."""
        with self._changed:
            job = None if self._draining else self._queue.pop(self._running)
            if job is not None:
                self._running.add(job)
                self._set(job, state="running", position=None, started_at=time.time(), message="")
                self._renumber()
            return job

    def begin_speculative(self, job: Job) -> bool:
        """Start a speculative job; False if jobs wait or none may start any more.

        It is never queued, listed, counted or kept.
        """
        with self._changed:
            if self._draining or next(iter(self._queue), None) is not None:
                return False
            now = time.time()
            self._set(job, state="running", submitted_at=now, started_at=now)
            return True

    def join(self, job: Job, visitor: str, payload: Payload, network: str = "") -> None:
        """Let another visitor, who requested `payload`, wait for `job`.

        It becomes theirs and moves to their line if it starts sooner there.
        """
        with self._changed:
            job.followers[visitor] = payload
            if self._queue.join(job, visitor, self._running, network):
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

        False, and nothing changes, if it was cancelled or requeued too often, or if no job may start any more.
        """
        with self._changed:
            if self._draining or job.requeue_count >= _MAX_REQUEUES or job.ended or job.view().cancelling:
                return False
            job.requeue_count += 1
            self._running.discard(job)
            self._queue.requeue(job)
            self._set(job, state="queued", started_at=None, stored_events=())
            self._renumber()
            return True

    def displace(self, workers: int) -> Job | None:
        """Mark a long running job that has to give its worker to a short one, and make the short one the next job.

        None if no short job has waited long enough, or no long one may be displaced. Call it when all `workers`
        are busy.
        """
        with self._changed:
            if self._displacing is not None and self._displacing.state == "queued":
                return None  # its worker is about to be free, or to be replaced
            job, displaced = displacement(self._running, tuple(self._queue), self._estimator, workers)
            if job is not None:
                self._queue.promote(job)
                self._renumber()
            if displaced is not None:
                displaced.yielding, self._displacing = True, job
            return displaced

    def put_back(self, job: Job) -> bool:
        """Queue a displaced job again, behind other visitors, and drop its events.

        False, and nothing changes, if it was cancelled, has ended or has a `stop_reason`, or if no job may start any
        more.
        """
        with self._changed:
            if self._draining or job.ended or job.view().cancelling or job.stop_reason:
                return False
            spent = time.time() - (job.view().started_at or time.time())
            self._estimator.learn(job, "queued")
            job.yielding, job.yield_count = False, job.yield_count + 1
            self._running.discard(job)
            self._queue.put_back(job)
            message = sentences.displaced_sentence(spent)
            self._set(job, state="queued", started_at=None, stored_events=(), message=message)
            self._renumber()
            return True

    def report(self, job_id: str, event: Event) -> None:
        """Append `event` to the job's events, if the job is in this registry and still running."""
        with self._changed:
            job = self._jobs.get(job_id)
            if job is not None and job.state == "running":
                self._set(job, stored_events=(*job.events, event))

    def running_job(self, job_id: str) -> Job | None:
        """The running job of that id; None if it does not run, or belongs to another server."""
        with self._changed:
            job = self._jobs.get(job_id)
            return job if job is not None and job.state == "running" else None

    def cancel(self, job: Job, message: str) -> bool:
        """Cancel a queued job at once, and mark a running one. False if it has ended."""
        with self._changed:
            if job.ended:
                return False
            if self._queue.remove(job):
                self.end(job, "cancelled", message=message)
                self._renumber()
            else:
                self._set(job, cancelling=True)
            return True

    def cancel_abandoned(self, seconds: float, message: str) -> list[Job]:
        """Cancel jobs that no page has shown for `seconds` and that delay another visitor, who does look.

        Call it when every worker is busy. Queued jobs end at once. Running ones are marked and returned.
        """
        with self._changed:
            queued, running = abandonment(self._running, tuple(self._queue), seconds)
            for job in queued:
                self._queue.remove(job)
                self.end(job, "abandoned", message=message)
            self._renumber()
            for job in running:
                job.stop_reason = ("abandoned", message)
                self._set(job, cancelling=True)
            return running

    def end(self, job: Job, state: State, result: Any = None, message: str = "", size: int = 0) -> None:
        """Give `job` its last state. A second call changes nothing. `size` is the result's, in bytes."""
        with self._changed:
            if not job.ended:
                self._running.discard(job)
                self._estimator.learn(job, state)
                events = Compressed.of(job.events)
                size += len(events.data)
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
            for job in list(self._jobs.values()):
                if job.state == "running":
                    self.end(job, "cancelled" if job.view().cancelling else "lost", message=message)

    def end_waiting(self, message: str) -> None:
        """Start no more jobs, and end the queued ones as lost."""
        with self._changed:
            self._draining = True
            for job in list(self._queue):
                self.end(job, "lost", message=message)
            self._queue = Queue()

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
        """How many jobs run."""
        return len(self._running)

    def expected_wait(self, job_id: str, workers: int) -> float:
        """Seconds until a queued job will probably start; 0 for any other."""
        with self._changed:
            job = self._jobs.get(job_id)
            if job is None or job.state != "queued":
                return 0.0
            queue = tuple(self._queue)
            wait = self._estimator.estimate_wait(job, self._running, queue, workers)
            soon = seconds_to_displace(job, self._running, queue, self._estimator, workers)
            return SWAP if job is self._displacing else min(wait, soon)

    def expected_end(self, workers: int) -> float:
        """Seconds until all running and queued jobs will probably have ended."""
        with self._changed:
            return self._estimator.estimate_wait(None, self._running, self._queue, workers)

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
        for job in self._limits.evict(self._jobs.values()):
            del self._jobs[job.id]
