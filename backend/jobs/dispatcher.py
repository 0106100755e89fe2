"""Gives each idle, warm worker one job at a time, and ensures that every job ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from typing import Any

from distributed import Client

from backend.config.settings import Settings
from backend.jobs import runtime
from backend.jobs.endings import abandoned_sentence, ending, out_of_memory_sentence, out_of_time_sentence
from backend.jobs.job import Job
from backend.jobs.messages import JobKind
from backend.jobs.registry import JobRegistry
from backend.jobs.status import Status
from backend.jobs.workers import RESPOND_WITHIN, Worker, Workers, outcome_of

log = logging.getLogger(__name__)

#: Seconds between two refreshes of the list of workers. A change of the list also wakes the dispatcher at once.
REFRESH_EVERY = 0.5

#: Seconds in which a worker has to start a job. After that it is checked whether the worker is busy or frozen.
START_WITHIN = 5.0
#: Seconds in which a spare job has to stop. Killing its worker would take longer than most of them need.
SPARE_ENDS_WITHIN = 10.0
#: Topic on which Dask's nannies report that they end a worker because of its memory.
_MEMORY_TOPIC = "worker-restart-memory"


class Dispatcher:
    """Lives on one event loop, with one connection to a scheduler, and ends when that connection breaks."""

    def __init__(self, client: Client, registry: JobRegistry, kinds: Mapping[str, JobKind], settings: Settings) -> None:
        self._client = client
        self._registry = registry
        self._kinds = kinds
        self._settings = settings
        self.workers = Workers(client, settings)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Assign jobs to workers until the scheduler goes away (OSError) or this task is cancelled."""
        topics = {runtime.TOPIC: self._on_message, "all": self._on_cluster_event, _MEMORY_TOPIC: self._on_memory_limit}
        for topic, handler in topics.items():
            self._client.subscribe_topic(topic, handler)
        try:
            while True:
                self._wake.clear()
                for registration in await self.workers.refresh():
                    self._spawn(self._register(registration))
                self._assign_jobs()
                # Not wait_for: in Python 3.11 it can swallow the cancellation that ends this loop.
                with suppress(TimeoutError):
                    async with asyncio.timeout(REFRESH_EVERY):
                        await self._wake.wait()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            if self._client.status == "running":  # else Dask would log that it cannot unsubscribe
                # The scheduler would log a traceback for each event that it cannot send while the client closes.
                for topic in topics:
                    self._client.unsubscribe_topic(topic)

    def wake(self) -> None:
        """Look for jobs to assign, now that there is a new one."""
        self._wake.set()

    def status(self) -> Status:
        """Whether the workers are ready, with a sentence for the page."""
        return self.workers.status()

    def cancel(self, job: Job) -> None:
        """Stop a running job: by its flag, or by killing its worker if the job does not see the flag in time."""
        worker = self.workers.worker_of(job.id)
        if worker is not None and worker.running is not None:
            self._spawn(self._cancel(worker, job, worker.running))

    def _on_cluster_event(self, event: tuple[float, Any]) -> None:
        _, message = event
        if message.get("action") == "remove-worker":
            self.workers.remove(message["worker"])
        self._wake.set()

    def _on_memory_limit(self, event: tuple[float, Any]) -> None:
        _, message = event
        worker = self.workers.at(message["worker"])
        if worker is not None and worker.job is not None and worker.started:
            worker.job.stop_reason = ("failed", out_of_memory_sentence(self._settings.worker_memory_mb))

    async def _register(self, registration: Coroutine[Any, Any, None]) -> None:
        await registration
        self._wake.set()

    def _assign_jobs(self) -> None:
        idle = [worker for worker in self.workers if worker.warm and worker.job is None]
        usable = sum(worker.warm for worker in self.workers)
        while idle and (job := self._registry.take(usable)) is not None:
            worker = next((each for each in idle if job.payload.affinity in each.affinities), idle[0])
            idle.remove(worker)
            worker.record_affinity(job)
            worker.job, worker.started = job, False
            worker.running = self._spawn(self._run(worker, job))
            self._spawn(self._watch_start(worker, job, worker.running))
        for job in self._registry.stop_spare():
            self.cancel(job)
        if usable and not any(worker.renewing for worker in self.workers):
            seconds = self._settings.abandoned_seconds
            for job in self._registry.cancel_abandoned(seconds, abandoned_sentence(seconds)):
                self.cancel(job)

    async def _run(self, worker: Worker, job: Job) -> None:
        try:
            outcome = await self._outcome(worker, job)
            if outcome.state == "lost" and not worker.started and self._registry.requeue(job):
                log.info("job %s lost its worker through no fault of its own and is requeued as the next", job.id[:8])
            else:
                self._end(job, outcome)
            if outcome.process is not None:
                await self.workers.renew_if_due(worker, outcome.process)
        except Exception:
            log.exception("job %s", job.id[:8])
            self._end(job, runtime.Outcome("failed"))
        finally:
            worker.job = worker.running = worker.future = None
            self._wake.set()

    async def _watch_start(self, worker: Worker, job: Job, running: asyncio.Task[None]) -> None:
        """Take `job` back from a frozen `worker`. If it responds, keep waiting: it runs another server's job."""
        while True:
            await asyncio.wait({running}, timeout=START_WITHIN)
            if running.done() or worker.started:
                return
            if not await self.workers.responds(worker) and not worker.started and not running.done():
                break
        log.warning("worker %s was given job %s and does not respond: it is stopped", worker.address, job.id[:8])
        self.workers.remove(worker.address)  # `_run` requeues the job; a worker that responds again is registered anew
        try:
            await self.workers.kill(worker)
        except Exception as error:
            log.warning("worker %s could not be stopped: %r", worker.address, error)

    async def _outcome(self, worker: Worker, job: Job) -> runtime.Outcome:
        """What `runtime.run` returned, or the state "lost" if the worker went away first."""
        future = self._client.submit(
            runtime.run,
            self._kinds[job.kind].function,
            job.payload,
            job.id,
            key=f"{job.kind}-{job.id}-{job.requeue_count}",
            workers=[worker.address],
            pure=False,
        )
        if worker.job is job:
            worker.future = future
        outcome = asyncio.ensure_future(outcome_of(future))
        self._tasks.add(outcome)  # not cancelled here: releasing the future ends it, and Dask's tasks in it
        outcome.add_done_callback(self._tasks.discard)
        gone = asyncio.ensure_future(worker.gone.wait())
        try:
            await asyncio.wait({outcome, gone}, return_when=asyncio.FIRST_COMPLETED)
            return outcome.result() if outcome.done() else runtime.Outcome("lost")
        finally:
            gone.cancel()
            future.release()

    def _end(self, job: Job, outcome: runtime.Outcome) -> None:
        if outcome.traceback:
            log.error("job %s (%s) failed", job.id[:8], job.kind, extra={"traceback": outcome.traceback})
        state, message = ending(job, outcome)
        self._registry.end(job, state, outcome.result, message)

    def _on_message(self, event: tuple[float, dict[str, Any]]) -> None:
        _, message = event
        if "event" in message:
            job = self._registry.running_job(message["job"])  # the topic also has the events of other servers' jobs
            if job is not None:
                self._registry.report(job.id, self._kinds[job.kind].read_event(message["event"]))
            return
        worker = self.workers.at(message["worker"])  # a worker that was removed may start its job late: ignored
        if worker is not None and worker.job is not None and worker.job.id == message["job"]:
            worker.started = True
            if worker.running is not None:
                self._spawn(self._stop_in_time(worker, worker.job, worker.running))

    async def _stop_in_time(self, worker: Worker, job: Job, running: asyncio.Task[None]) -> None:
        seconds = self._settings.seconds_per_job
        await asyncio.wait({running}, timeout=seconds)
        if not running.done() and worker.job is job:  # it may have begun again meanwhile
            job.stop_reason = ("failed", out_of_time_sentence(seconds))
            await self._cancel(worker, job, running)

    async def _cancel(self, worker: Worker, job: Job, running: asyncio.Task[None]) -> None:
        if not running.done():
            # Not awaited: a worker that computes may not receive this for a while.
            self._spawn(self._client.run(runtime.flag, job.id, workers=[worker.address], on_error="ignore"))
        await asyncio.wait({running}, timeout=max(self._settings.cancel_grace_seconds, job.spare * SPARE_ENDS_WITHIN))
        while not running.done() and worker.job is job:
            try:
                if worker.started:
                    await self.workers.kill(worker)
                elif worker.future is not None:
                    await worker.future.cancel()
            except Exception as error:
                log.warning("job %s could not be stopped, trying again: %r", job.id[:8], error)
            await asyncio.wait({running}, timeout=RESPOND_WITHIN)

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._on_task_done)
        return task

    def _on_task_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("in the dispatcher", exc_info=error)
