"""The worker processes behind a scheduler: who is there, how each stands, and its end when it has grown."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import signal
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any

from distributed import Client, Future

from backend.config.settings import Settings
from backend.jobs import runtime
from backend.jobs.job import Job
from backend.jobs.status import Status, WorkerView, status_of

log = logging.getLogger(__name__)

#: Seconds for an answer of the scheduler or a worker, after which it counts as away.
ANSWER_WITHIN = 10.0


@dataclass(eq=False)
class Worker:
    """One worker process, and the job that was handed to it."""

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
        """Whether it can take jobs."""
        return self.warm and not self.renewing

    def view(self) -> WorkerView:
        """How it stands now."""
        job = self.job.id if self.job else None
        return WorkerView(self.address, self.pid, self.rss_mb, self.usable, self.traced, job)


class Workers:
    """All workers that the scheduler knows, by address. Changed on the dispatcher's event loop alone."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._expected = settings.workers if settings.scheduler is None else 1
        self._all_were_warm = False
        self._workers: dict[str, Worker] = {}
        self._asked: set[str] = set()  # addresses of those that have not answered yet

    def __iter__(self) -> Iterator[Worker]:
        return iter(list(self._workers.values()))  # asked for from any thread

    def at(self, address: str) -> Worker | None:
        """The worker at that address, None if there is none."""
        return self._workers.get(address)

    def doing(self, job_id: str) -> Worker | None:
        """The worker that was handed that job, None if there is none."""
        return next((worker for worker in self if worker.job is not None and worker.job.id == job_id), None)

    def status(self) -> Status:
        """Warming until as many workers as expected were warm once, then ready while at least one is."""
        warm = sum(worker.usable for worker in self)
        cold = sum(not worker.warm for worker in self)
        self._all_were_warm |= warm >= self._expected
        return status_of(warm, cold, expected=1 if self._all_were_warm else self._expected)

    async def look(self) -> list[Coroutine[Any, Any, None]]:
        """Learn who has come and gone; what is still to be done to meet the new ones, who may be slow to answer.

        Raises OSError where the scheduler is away, TimeoutError where it is silent.
        """
        if self._client.status != "running":
            raise OSError(f"the scheduler is away: the client is {self._client.status}")
        async with asyncio.timeout(ANSWER_WITHIN):
            listed = (await self._client.scheduler.identity())["workers"]
        for address in self._workers.keys() - listed.keys():
            self.forget(address)
        for address, worker in self._workers.items():
            worker.rss_mb = listed[address]["metrics"]["memory"] / 2**20
        new = listed.keys() - self._workers.keys() - self._asked
        self._asked |= new
        return [self._meet(address, nanny=bool(listed[address]["nanny"])) for address in new]

    def forget(self, address: str) -> None:
        """The worker there is gone."""
        worker = self._workers.pop(address, None)
        if worker is not None:
            worker.gone.set()

    async def answers(self, worker: Worker) -> bool:
        """Whether the worker's process still hears us."""
        try:
            await self._facts(worker.address)
        except Exception:
            return False
        return True

    async def kill(self, worker: Worker) -> None:
        """End the worker's process at once; its nanny starts another."""
        async with asyncio.timeout(ANSWER_WITHIN):
            await self._client.run(os.kill, worker.pid, signal.SIGKILL, workers=[worker.address], nanny=True)

    async def renew_if_due(self, worker: Worker, facts: dict[str, Any]) -> None:
        """Kill the idle `worker` if it has grown too large, or has traced too much, by its own `facts`."""
        worker.rss_mb, worker.traced = facts["rss_mb"], facts["traced"]
        bounds = self._settings
        if worker.rss_mb <= bounds.recycle_rss_mb and worker.traced < worker.bears * bounds.recycle_traced:
            return
        try:
            if (await self._facts(worker.address))["running"] is None:  # else it has another server's job
                log.info("renewing worker %s: %.0f MB, %d models", worker.address, worker.rss_mb, worker.traced)
                worker.renewing = True
                await self.kill(worker)
        except Exception as error:
            log.warning("worker %s could not be renewed, after its next job then: %r", worker.address, error)
            worker.renewing = False

    async def _meet(self, address: str, nanny: bool) -> None:
        """A worker registers when its preload is through, so what it says of itself now stays true."""
        try:
            facts = await self._facts(address)
        except Exception as error:
            log.warning("worker %s did not answer, asking again: %r", address, error)
            return
        finally:
            self._asked.discard(address)
        usable = facts["warm"] and nanny and facts["versions"] == runtime.versions()
        if not usable:
            log.error(
                "worker %s is not used: start it with --preload backend.worker.preload, a nanny, and %s; it has %s",
                address, runtime.versions(), facts["versions"],
            )  # fmt: skip
        self._workers[address] = Worker(address, facts["pid"], usable, facts["rss_mb"], facts["traced"])

    async def _facts(self, address: str) -> dict[str, Any]:
        async with asyncio.timeout(ANSWER_WITHIN):
            facts: dict[str, Any] = (await self._client.run(runtime.facts, workers=[address]))[address]
            return facts
