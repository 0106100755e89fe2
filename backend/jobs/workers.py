"""The worker processes of a scheduler: their list, their states, and their renewal."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import signal
from collections import deque
from collections.abc import Coroutine, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any

from distributed import Client, Future

from backend.config.settings import Settings
from backend.jobs import runtime
from backend.jobs.job import Job
from backend.jobs.status import Status, status_of

log = logging.getLogger(__name__)

#: Seconds in which the scheduler or a worker has to respond. After that it counts as away.
RESPOND_WITHIN = 10.0
#: How many affinities of a worker are stored.
AFFINITIES = 4


@dataclass(eq=False)
class Worker:
    """One worker process, and the job that was given to it. `pid` is its number on the worker's own machine."""

    address: str
    pid: int
    loaded: bool  # Keras
    rss_mb: float
    traced: int
    job: Job | None = None
    future: Future | None = None
    running: asyncio.Task[None] | None = None
    started: bool = False  # the job's function runs; until then the job may wait for another server's
    affinities: deque[Hashable] = field(default_factory=lambda: deque(maxlen=AFFINITIES))  # of its last jobs
    renewing: bool = False  # it is being killed and replaced, so it is given no job
    #: The share of `recycle_traced` at which it is renewed: random, so that the workers are not all renewed at once.
    renewal_share: float = field(default_factory=lambda: random.uniform(0.8, 1))
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def warm(self) -> bool:
        """Whether it can take jobs."""
        return self.loaded and not self.renewing

    @property
    def idle(self) -> bool:
        """Whether it would run a job at once."""
        return self.warm and (self.job is None or self.job.spare)

    def record_affinity(self, job: Job) -> None:
        """Store the affinity of `job`, which the worker begins: it will run jobs of equal affinity faster."""
        affinity = job.payload.affinity
        if affinity is not None:
            if affinity in self.affinities:
                self.affinities.remove(affinity)
            self.affinities.append(affinity)


class Workers:
    """All workers that the scheduler knows, by address. Only the dispatcher's event loop changes it."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._expected = settings.workers if settings.scheduler is None else 1
        self._all_were_warm = False
        self._workers: dict[str, Worker] = {}
        self._registering: set[str] = set()  # addresses of workers that have not responded yet

    def __iter__(self) -> Iterator[Worker]:
        return iter(list(self._workers.values()))  # called from any thread

    def at(self, address: str) -> Worker | None:
        """The worker at that address; None if there is none."""
        return self._workers.get(address)

    def worker_of(self, job_id: str) -> Worker | None:
        """The worker that was given that job; None if there is none."""
        return next((worker for worker in self if worker.job is not None and worker.job.id == job_id), None)

    def status(self) -> Status:
        """Warming until as many workers as expected have been warm once; then ready while at least one is."""
        warm = sum(worker.warm for worker in self)
        cold = sum(not worker.loaded for worker in self)
        self._all_were_warm |= warm >= self._expected
        return status_of(warm, cold, expected=1 if self._all_were_warm else self._expected)

    async def refresh(self) -> list[Coroutine[Any, Any, None]]:
        """Remove workers that are gone. Returns a coroutine for each new one, which registers it and may be slow.

        Raises OSError if the scheduler is away, TimeoutError if it does not respond.
        """
        if self._client.status != "running":
            raise OSError(f"the scheduler is away: the client is {self._client.status}")
        async with asyncio.timeout(RESPOND_WITHIN):
            listed = (await self._client.scheduler.identity())["workers"]
        for address in self._workers.keys() - listed.keys():
            self.remove(address)
        for address, worker in self._workers.items():
            worker.rss_mb = listed[address]["metrics"]["memory"] / 2**20
        new = listed.keys() - self._workers.keys() - self._registering
        self._registering |= new
        return [self._register(address, nanny=bool(listed[address]["nanny"])) for address in new]

    def remove(self, address: str) -> None:
        """Remove the worker at that address, which is gone."""
        worker = self._workers.pop(address, None)
        if worker is not None:
            worker.gone.set()

    async def responds(self, worker: Worker) -> bool:
        """Whether the worker's process still responds."""
        try:
            await self._process_state(worker.address)
        except Exception:
            return False
        return True

    async def kill(self, worker: Worker) -> None:
        """End the worker's process at once; its nanny starts another.

        It is given no job from now on, unless this fails: its job may end on its own before the kill arrives. A worker
        that is gone already is no error.
        """
        worker.renewing = True
        try:
            async with asyncio.timeout(RESPOND_WITHIN):
                # The scheduler writes a traceback to the log if it is asked for a worker that it no longer has.
                if worker.address in (await self._client.scheduler.identity())["workers"]:
                    await self._client.run(os.kill, worker.pid, signal.SIGKILL, workers=[worker.address], nanny=True)
        except BaseException:
            worker.renewing = False
            raise

    async def renew_if_due(self, worker: Worker, process: runtime.ProcessState) -> None:
        """Kill the idle `worker` if its `process` uses too much memory or has traced too many models."""
        worker.rss_mb, worker.traced = process.rss_mb, process.traced
        bounds = self._settings
        most = min(bounds.recycle_rss_mb, 0.9 * bounds.worker_memory_mb)  # before its memory limit stops it
        if worker.rss_mb <= most and worker.traced < worker.renewal_share * bounds.recycle_traced:
            return
        try:
            if (await self._process_state(worker.address)).running is None:  # else it runs another server's job
                log.info("renewing worker %s: %.0f MB, %d models", worker.address, worker.rss_mb, worker.traced)
                await self.kill(worker)
        except Exception as error:
            log.warning("worker %s could not be renewed, trying again after its next job: %r", worker.address, error)

    async def _register(self, address: str, nanny: bool) -> None:
        """Add a new worker. Dask lists it only after its preload, so whether it is warm does not change any more."""
        try:
            process = await self._process_state(address)
        except Exception as error:
            log.warning("worker %s did not respond, trying again: %r", address, error)
            return
        finally:
            self._registering.discard(address)
        usable = process.warm and nanny and process.versions == runtime.versions()
        if not usable:
            log.error(
                "worker %s is not used: start it with --preload backend.worker.preload, a nanny, and %s; it has %s",
                address, runtime.versions(), process.versions,
            )  # fmt: skip
        self._workers[address] = Worker(address, process.pid, usable, process.rss_mb, process.traced)

    async def _process_state(self, address: str) -> runtime.ProcessState:
        async with asyncio.timeout(RESPOND_WITHIN):
            state: runtime.ProcessState = (await self._client.run(runtime.process_state, workers=[address]))[address]
            return state


async def outcome_of(future: Any) -> runtime.Outcome:
    """The future's result. Any exception of Dask means that the worker was lost."""
    try:
        outcome: runtime.Outcome = await future
    except Exception as error:
        log.warning("job %s has no result from its worker: %s", future.key, type(error).__name__)
        return runtime.Outcome("lost")
    return outcome
