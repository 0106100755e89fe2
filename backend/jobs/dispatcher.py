"""Gives each idle, warm worker one job at a time, and sees that every job ends."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import signal
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from distributed import Client, Future

from backend.jobs.board import Board
from backend.jobs.job import Job
from backend.jobs.status import Status, WorkerView, status_of
from backend.settings import Settings
from backend.worker import runtime

log = logging.getLogger(__name__)

#: Seconds between looks at the list of workers; what changes it also wakes the dispatcher at once.
LOOK_EVERY = 0.5
#: Seconds for an answer of the scheduler or a worker, after which it counts as away.
ANSWER_WITHIN = 10.0

CANCELLED = "Cancelled."
LOST = "The worker that ran this stopped; nothing else was affected. Run it again."
#: Topic on which Dask's nannies tell that they end a worker that is past its memory limit.
_PAST_MEMORY = "worker-restart-memory"


def fault(job: Job) -> str:
    """What a visitor reads when a job failed for a reason that is not theirs; the log has the rest."""
    return f"Something went wrong here, and it is in the log as {job.id[:8]}. Try again, or change a setting."


@dataclass(eq=False)
class _Worker:
    address: str
    pid: int
    warm: bool
    rss_mb: float
    traced: int
    job: Job | None = None
    future: Future | None = None
    running: asyncio.Task[None] | None = None
    begun: bool = False  # the job's function runs: until then the job may wait behind another server's
    renewing: bool = False
    bears: float = field(default_factory=lambda: random.uniform(0.8, 1))  # or all would be renewed at once
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def usable(self) -> bool:
        return self.warm and not self.renewing

    def view(self) -> WorkerView:
        job = self.job.id if self.job else None
        return WorkerView(self.address, self.pid, self.rss_mb, self.usable, self.traced, job)


class Dispatcher:
    """Lives on one event loop, with one connection to a scheduler; ends when that breaks."""

    def __init__(self, client: Client, board: Board, kinds: Mapping[str, str], settings: Settings) -> None:
        self._client = client
        self._board = board
        self._kinds = kinds
        self._settings = settings
        self._expected = settings.workers if settings.scheduler is None else 1
        self._all_were_warm = False
        self._workers: dict[str, _Worker] = {}
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
                await self._look()
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
        for worker in self._workers.values():
            if worker.job is job:
                self._spawn(self._cancel(worker, job))

    def status(self) -> Status:
        """Warming until as many workers as expected were warm once, then ready while at least one is."""
        warm = sum(worker.usable for worker in self._workers.values())
        cold = sum(not worker.warm for worker in self._workers.values())
        self._all_were_warm |= warm >= self._expected
        return status_of(warm, cold, expected=1 if self._all_were_warm else self._expected)

    def workers(self) -> tuple[WorkerView, ...]:
        """Every worker that the scheduler knows."""
        return tuple(worker.view() for worker in self._workers.values())

    # Workers come and go.

    async def _look(self) -> None:
        if self._client.status != "running":
            raise OSError(f"the scheduler is away: the client is {self._client.status}")
        async with asyncio.timeout(ANSWER_WITHIN):
            listed = (await self._client.scheduler.identity())["workers"]
        for address in self._workers.keys() - listed.keys():
            self._forget(address)
        for address, worker in self._workers.items():
            worker.rss_mb = listed[address]["metrics"]["memory"] / 2**20
        await asyncio.gather(*(self._meet(address) for address in listed.keys() - self._workers.keys()))

    async def _meet(self, address: str) -> None:
        """A worker registers when its preload is through, so what it says of itself now stays true."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                facts = (await self._client.run(runtime.facts, workers=[address]))[address]
        except Exception as error:
            log.warning("worker %s did not answer, asking again: %r", address, error)
            return
        if not facts["warm"]:
            log.error("worker %s is not used: start it with --preload backend.worker.preload", address)
        self._workers[address] = _Worker(address, facts["pid"], facts["warm"], facts["rss_mb"], facts["traced"])

    def _forget(self, address: str) -> None:
        worker = self._workers.pop(address, None)
        if worker is not None:
            worker.gone.set()

    def _on_cluster_event(self, event: tuple[float, Any]) -> None:
        _, message = event
        if message.get("action") == "remove-worker":
            self._forget(message["worker"])
        self._wake.set()

    def _on_past_memory(self, event: tuple[float, Any]) -> None:
        _, message = event
        worker = self._workers.get(message["worker"])
        if worker is not None and worker.job is not None:
            worker.job.stopped = (
                f"This took more than the {self._settings.worker_memory_mb:,} MB of memory that a job may use here, "
                "and was stopped. A smaller model or batch takes less."
            )

    async def _kill(self, worker: _Worker) -> None:
        """End the worker's process at once; its nanny starts another."""
        async with asyncio.timeout(ANSWER_WITHIN):
            await self._client.run(os.kill, worker.pid, signal.SIGKILL, workers=[worker.address], nanny=True)

    async def _renew_if_due(self, worker: _Worker, facts: dict[str, Any]) -> None:
        worker.rss_mb, worker.traced = facts["rss_mb"], facts["traced"]
        bounds = self._settings
        if worker.rss_mb <= bounds.recycle_rss_mb and worker.traced < worker.bears * bounds.recycle_traced:
            return
        now = (await self._client.run(runtime.facts, workers=[worker.address]))[worker.address]
        if now["running"] is None:  # else another server's job is on it: after our next one, then
            log.info("renewing worker %s: %.0f MB, %d models", worker.address, worker.rss_mb, worker.traced)
            worker.renewing = True
            await self._kill(worker)

    # Jobs.

    def _hand_out(self) -> None:
        for worker in self._workers.values():
            if worker.usable and worker.job is None:
                job = self._board.take()
                if job is None:
                    return
                worker.job, worker.begun = job, False
                worker.running = self._spawn(self._run(worker, job))

    async def _run(self, worker: _Worker, job: Job) -> None:
        try:
            outcome = await self._outcome(worker, job)
            if outcome["state"] == "lost" and not worker.begun and self._board.put_back(job):
                log.info("job %s had not begun when its worker went away: it is next", job.id[:8])
            else:
                self._end(job, outcome)
            if "facts" in outcome:
                await self._renew_if_due(worker, outcome["facts"])
        finally:
            worker.job = worker.running = worker.future = None
            self._wake.set()

    async def _outcome(self, worker: _Worker, job: Job) -> dict[str, Any]:
        """What `runtime.run` returned, or the state "lost" if the worker went away first."""
        worker.future = future = self._client.submit(
            runtime.run,
            self._kinds[job.kind],
            job.payload,
            job.id,
            key=f"{job.kind}-{job.id}",
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
            state, outcome = "failed", {"message": job.stopped}
        if "traceback" in outcome:
            log.error("job %s (%s) failed\n%s", job.id[:8], job.kind, outcome["traceback"])
        sentence = {"cancelled": CANCELLED, "lost": LOST, "failed": fault(job), "finished": ""}[state]
        message = outcome.get("message", sentence)
        self._board.end(job, state, outcome.get("result"), message, outcome.get("size", 0))

    def _on_message(self, event: tuple[float, dict[str, Any]]) -> None:
        _, message = event
        if "event" in message:
            self._board.report(message["job"], message["event"])
            return
        for worker in self._workers.values():
            if worker.job is not None and worker.job.id == message["job"]:
                worker.begun = True
                self._spawn(self._stop_in_time(worker, worker.job))

    async def _stop_in_time(self, worker: _Worker, job: Job) -> None:
        assert worker.running is not None
        seconds = self._settings.seconds_per_job
        await asyncio.wait({worker.running}, timeout=seconds)
        if worker.job is job:
            job.stopped = f"This was stopped after {seconds:,.0f} seconds, the most that a job may take here."
            await self._cancel(worker, job)

    async def _cancel(self, worker: _Worker, job: Job) -> None:
        running = worker.running
        assert running is not None
        # Not awaited: a worker that is deep in a computation may not even hear this.
        self._spawn(self._client.run(runtime.flag, job.id, workers=[worker.address], on_error="ignore"))
        await asyncio.wait({running}, timeout=self._settings.cancel_grace_seconds)
        if running.done() or worker.job is not job:
            return
        if worker.begun:
            await self._kill(worker)
        elif worker.future is not None:
            await worker.future.cancel()

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
