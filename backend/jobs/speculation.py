"""Speculative jobs: nobody has requested them. They run in idle workers, and give way to all others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, Protocol

from backend.jobs.job import Job
from backend.jobs.registry import JobRegistry
from backend.jobs.runtime import Outcome
from backend.jobs.sentences import CANCELLED, LOST
from backend.jobs.workers import Worker, Workers, best_worker

log = logging.getLogger(__name__)

#: Seconds without another request after which a speculative job starts. A visitor who changes one setting after another
#: causes one such job, and a class that arrives at once causes none.
SPECULATION_AFTER = 0.5
#: Seconds after which it is dropped if no worker was idle, or jobs waited; and seconds in which it has to stop.
#: Killing its worker would take longer than most of them need.
SPECULATION_WITHIN = SPECULATION_ENDS_WITHIN = 10.0


class Runner(Protocol):
    """Runs jobs in workers; the dispatcher."""

    async def outcome(self, worker: Worker, job: Job) -> Outcome:
        """Run `job` in `worker`."""

    def end(self, job: Job, outcome: Outcome) -> None:
        """Give `job` its last state."""

    def flag(self, worker: Worker, job: Job) -> None:
        """Ask `job` to stop."""

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[None]:
        """Run `work` as a task of its own."""

    def wake(self) -> None:
        """Look for jobs to assign, because a worker may be idle."""


class Speculation:
    """The speculative job that was requested last, and the one that runs. Lives on one event loop."""

    def __init__(self, registry: JobRegistry, workers: Workers, runner: Runner) -> None:
        self._registry = registry
        self._workers = workers
        self._runner = runner
        self._next: tuple[Job, float] | None = None  # a job, and when it was requested

    def request(self, job: Job) -> None:
        """Run `job` once a worker is idle and no job waits.

        It begins between `SPECULATION_AFTER` and `SPECULATION_WITHIN` seconds after the request. A later request
        replaces it, and cancels a running speculative job of the same visitor.
        """
        self._next = job, asyncio.get_running_loop().time()
        for worker in self._workers:
            if worker.speculative is not None and worker.speculative.visitor == job.visitor:
                self._cancel(worker)

    def give_way(self, worker: Worker, job: Job) -> None:
        """Cancel the speculative job in `worker`, which is given `job`; in all workers if `job` is not urgent."""
        for each in self._workers if not job.urgent else [worker]:
            self._cancel(each)
        if self._next is not None and self._next[0].visitor == job.visitor and not job.urgent:
            self._next = None  # `job` compiles the same, or its visitor has moved on

    def begin(self, idle: list[Worker]) -> None:
        """Begin the requested job in one of the idle workers, if it may begin now. Drop it if it waits for too long."""
        if self._next is None:
            return
        job, since = self._next
        age = asyncio.get_running_loop().time() - since
        if age > SPECULATION_WITHIN:
            self._next = None
            return
        free = idle and not any(each.speculative for each in self._workers)
        if age >= SPECULATION_AFTER and free and self._registry.begin_speculative(job):
            self._next = None
            worker = best_worker(idle, job)
            worker.record_affinity(job)
            worker.speculative = job
            worker.running_speculative = self._runner.spawn(self._run(worker, job))

    async def _run(self, worker: Worker, job: Job) -> None:
        try:
            outcome = await self._runner.outcome(worker, job)
            self._runner.end(job, outcome)
            if outcome.process is not None and worker.job is None:
                worker.job = job  # no other job is given to the worker until it is known whether it is renewed
                await self._workers.renew_if_due(worker, outcome.process)
        finally:
            self._registry.end(job, "lost", message=LOST)
            worker.speculative = worker.running_speculative = None
            if worker.job is job:
                worker.job = None
            self._runner.wake()

    def _cancel(self, worker: Worker) -> None:
        """Stop the speculative job of `worker`, if there is one: by its flag, so that the worker stays."""
        job = worker.speculative
        if job is not None and not job.view().cancelling and self._registry.cancel(job, CANCELLED):
            self._runner.spawn(self._stop(worker, job))

    async def _stop(self, worker: Worker, job: Job) -> None:
        running = worker.running_speculative
        assert running is not None
        self._runner.flag(worker, job)
        await asyncio.wait({running}, timeout=SPECULATION_ENDS_WITHIN)
        if not running.done():
            log.warning("worker %s does not end the speculative job %s: it is stopped", worker.address, job.id)
            await self._workers.kill(worker, job)  # a job that waits behind it is requeued
