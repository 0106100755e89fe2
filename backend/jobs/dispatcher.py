"""Gives each idle, warm worker one job at a time, and sees that every job ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from typing import Any

from distributed import Client

from backend.config.settings import Settings
from backend.jobs import runtime
from backend.jobs.job import Job
from backend.jobs.registry import JobRegistry
from backend.jobs.workers import ANSWER_WITHIN, Worker, Workers

log = logging.getLogger(__name__)

#: Seconds between looks at the list of workers; what changes it also wakes the dispatcher at once.
LOOK_EVERY = 0.5

CANCELLED = "Cancelled."
LOST = "The worker that ran this stopped; nothing else was affected. Run it again."
#: Seconds in which a worker has to begin a job. One that has not is asked what it does, and may be busy.
BEGIN_WITHIN = 5.0
#: Topic on which Dask's nannies tell that they end a worker that is past its memory limit.
_PAST_MEMORY = "worker-restart-memory"


def abandoned(seconds: float) -> str:
    """What a visitor reads whose job was cancelled for others' sake."""
    return (
        f"No page had shown this for {seconds / 60:.3g} minutes while somebody else waited for a worker, so it was "
        "cancelled. Run it again."
    )


def fault(job: Job) -> str:
    """What a visitor reads when a job failed for a reason that is not theirs; the log has the rest."""
    return f"Something went wrong here, and it is in the log as {job.id[:8]}. Try again, or change a setting."


class Dispatcher:
    """Lives on one event loop, with one connection to a scheduler; ends when that breaks."""

    def __init__(self, client: Client, registry: JobRegistry, kinds: Mapping[str, str], settings: Settings) -> None:
        self._client = client
        self._registry = registry
        self._kinds = kinds
        self._settings = settings
        self.workers = Workers(client, settings)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Hand out jobs until the scheduler goes away (OSError) or this task is cancelled."""
        self._client.subscribe_topic(runtime.TOPIC, self._on_message)
        self._client.subscribe_topic("all", self._on_cluster_event)
        self._client.subscribe_topic(_PAST_MEMORY, self._on_past_memory)
        try:
            while True:
                self._wake.clear()
                for meeting in await self.workers.look():
                    self._spawn(self._meet(meeting))
                self._hand_out()
                # Not wait_for: in Python 3.11 it can swallow the cancellation that ends this loop.
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY):
                        await self._wake.wait()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            if self._client.status == "running":  # else Dask would log that it cannot tell us of our leaving
                self._client.unsubscribe_topic("all")
                self._client.unsubscribe_topic(_PAST_MEMORY)

    def wake(self) -> None:
        """There is something new to hand out."""
        self._wake.set()

    def cancel(self, job: Job) -> None:
        """Stop a running job: by its flag, or with its worker if it does not see the flag in time."""
        worker = self.workers.doing(job.id)
        if worker is not None:
            self._spawn(self._cancel(worker, job))

    def _on_cluster_event(self, event: tuple[float, Any]) -> None:
        _, message = event
        if message.get("action") == "remove-worker":
            self.workers.forget(message["worker"])
        self._wake.set()

    def _on_past_memory(self, event: tuple[float, Any]) -> None:
        _, message = event
        worker = self.workers.at(message["worker"])
        if worker is not None and worker.job is not None:
            worker.job.stopped = (
                "failed",
                f"This took more than the {self._settings.worker_memory_mb:,} MB of memory that a job may use here, "
                "and was stopped. A smaller model or batch takes less.",
            )

    async def _meet(self, meeting: Coroutine[Any, Any, None]) -> None:
        await meeting
        self._wake.set()

    def _hand_out(self) -> None:
        for worker in self.workers:
            if worker.usable and worker.job is None:
                job = self._registry.take()
                if job is None:
                    return
                worker.job, worker.begun = job, False
                worker.running = self._spawn(self._run(worker, job))
                self._spawn(self._see_begin(worker, job))
        if any(worker.usable for worker in self.workers) and not any(worker.renewing for worker in self.workers):
            seconds = self._settings.abandoned_seconds
            for job in self._registry.make_way(seconds, abandoned(seconds)):
                self.cancel(job)

    async def _run(self, worker: Worker, job: Job) -> None:
        try:
            outcome = await self._outcome(worker, job)
            if outcome["state"] == "lost" and not worker.begun and self._registry.requeue(job):
                log.info("job %s had not begun when its worker went away: it is next", job.id[:8])
            else:
                self._end(job, outcome)
            if "facts" in outcome:
                await self.workers.renew_if_due(worker, outcome["facts"])
        except Exception:
            log.exception("job %s", job.id[:8])
            self._end(job, {"state": "failed"})
        finally:
            worker.job = worker.running = worker.future = None
            self._wake.set()

    async def _see_begin(self, worker: Worker, job: Job) -> None:
        """Take `job` back from a frozen `worker`. One that answers is busy with another server's job: wait on."""
        running = worker.running
        assert running is not None
        while True:
            await asyncio.wait({running}, timeout=BEGIN_WITHIN)
            if running.done() or worker.begun:
                return
            if not await self.workers.answers(worker) and not worker.begun and not running.done():
                break
        log.warning("worker %s was handed job %s and does not answer: it is stopped", worker.address, job.id[:8])
        self.workers.forget(worker.address)  # `_run` puts the job back; should the worker answer again, it is met anew
        try:
            await self.workers.kill(worker)
        except Exception as error:
            log.warning("worker %s could not be stopped: %r", worker.address, error)

    async def _outcome(self, worker: Worker, job: Job) -> dict[str, Any]:
        """What `runtime.run` returned, or the state "lost" if the worker went away first."""
        worker.future = future = self._client.submit(
            runtime.run,
            self._kinds[job.kind],
            job.payload,
            job.id,
            key=f"{job.kind}-{job.id}-{job.requeue_count}",
            workers=[worker.address],
            pure=False,
        )
        answer = asyncio.ensure_future(_answer(future))
        self._tasks.add(answer)  # not cancelled with its worker: a released future ends it, and Dask's own tasks in it
        answer.add_done_callback(self._tasks.discard)
        gone = asyncio.ensure_future(worker.gone.wait())
        try:
            await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
            return answer.result() if answer.done() else {"state": "lost"}
        finally:
            gone.cancel()
            future.release()

    def _end(self, job: Job, outcome: dict[str, Any]) -> None:
        state = outcome["state"]
        if state == "lost" and job.view().cancelling:
            state = "cancelled"
        if state in ("lost", "cancelled") and job.stopped:
            state, sentence = job.stopped
            outcome = {"message": sentence}
        if "traceback" in outcome:
            log.error("job %s (%s) failed", job.id[:8], job.kind, extra={"traceback": outcome["traceback"]})
        usual = {"cancelled": CANCELLED, "lost": LOST, "failed": fault(job)}
        message = outcome.get("message", usual.get(state, ""))
        self._registry.end(job, state, outcome.get("result"), message, outcome.get("size", 0))

    def _on_message(self, event: tuple[float, dict[str, Any]]) -> None:
        _, message = event
        if "event" in message:
            self._registry.report(message["job"], message["event"])
            return
        worker = self.workers.at(message["worker"])  # one that was given up may begin after all, and does not count
        if worker is not None and worker.job is not None and worker.job.id == message["job"]:
            worker.begun = True
            self._spawn(self._stop_in_time(worker, worker.job))

    async def _stop_in_time(self, worker: Worker, job: Job) -> None:
        assert worker.running is not None
        seconds = self._settings.seconds_per_job
        await asyncio.wait({worker.running}, timeout=seconds)
        if worker.job is job:
            job.stopped = (
                "failed",
                f"This was stopped after {seconds:,.0f} seconds, the most that a job may take here.",
            )
            await self._cancel(worker, job)

    async def _cancel(self, worker: Worker, job: Job) -> None:
        running = worker.running
        assert running is not None
        # Not awaited: a worker that is deep in a computation may not even hear this.
        self._spawn(self._client.run(runtime.flag, job.id, workers=[worker.address], on_error="ignore"))
        await asyncio.wait({running}, timeout=self._settings.cancel_grace_seconds)
        while not running.done() and worker.job is job:
            try:
                if worker.begun:
                    await self.workers.kill(worker)
                elif worker.future is not None:
                    await worker.future.cancel()
            except Exception as error:
                log.warning("job %s could not be stopped, trying again: %r", job.id[:8], error)
            await asyncio.wait({running}, timeout=ANSWER_WITHIN)

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("in the dispatcher", exc_info=error)


async def _answer(future: Any) -> dict[str, Any]:
    """The future's result; whatever Dask raises instead means that the worker was lost on the way."""
    try:
        outcome: dict[str, Any] = await future
    except Exception as error:
        log.warning("job %s did not come back from its worker: %s", future.key, type(error).__name__)
        return {"state": "lost"}
    return outcome
