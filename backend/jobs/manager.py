"""The jobs of this server: submit, follow, cancel. Every method is safe from any thread."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from cachetools import LRUCache

from backend.config.settings import Settings
from backend.jobs.cluster import connect
from backend.jobs.dispatcher import Dispatcher
from backend.jobs.endings import CANCELLED, LOST
from backend.jobs.job import Job, JobView
from backend.jobs.messages import JobKind, Payload
from backend.jobs.queue import Queue
from backend.jobs.recorded import RecordedWorkers
from backend.jobs.registry import JobRegistry
from backend.jobs.status import DRAINING, STARTING, STOPPED, UNAVAILABLE, Status
from backend.jobs.workers import Worker
from backend.words import counted

log = logging.getLogger(__name__)

#: Seconds before the next try when no scheduler can be reached.
RETRY_AFTER = 2.0
STOPPED_MESSAGE = "The server stopped before this job ended. Run it again."
NOT_STARTED_MESSAGE = "The server is about to restart, and this job had not started. Run it again in a minute."
DRAINING_MESSAGE = (
    "The server is about to restart and accepts no new jobs. Your settings are kept in this page's address. "
    "Try again in a minute."
)


class JobManager:
    """Owns one thread with an event loop, where Dask and the dispatcher run.

    `kinds` has every kind of job that may be submitted, by name. Their functions must be importable in a worker. A
    visitor names a kind and never a function. `too_large` returns a sentence for a payload that is refused because of
    its size. `expected` returns the seconds that a payload is expected to run; None if only its kind tells.
    `registry` holds every job; the dispatcher takes them from it, and so may a test in place of a worker.
    """

    def __init__(
        self,
        settings: Settings,
        kinds: Mapping[str, JobKind],
        too_large: Callable[[Payload, Settings], str | None] = lambda payload, settings: None,
        expected: Callable[[Payload], float | None] = lambda payload: None,
    ) -> None:
        self._settings = settings
        self._kinds = dict(kinds)
        self._too_large = too_large
        self._expected = expected
        self._networks: LRUCache[str, str] = LRUCache(maxsize=100_000)  # of visitors
        self._networks_lock = threading.Lock()
        self.registry = JobRegistry(settings.keep_in_all, settings.keep_mb * 2**20, settings.seconds_per_job)
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None  # from `start` on
        self._main: asyncio.Task[None] | None = None
        self._dispatcher: Dispatcher | RecordedWorkers | None = None
        self._outage = STARTING  # the status while there is no dispatcher
        self._draining = False

    def start(self) -> None:
        """Start the workers in the background and return at once. A second call changes nothing."""
        if self._thread is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._work, args=(self._loop,), name="jobs", daemon=True)
            self._thread.start()

    def stop(self, timeout: float = 10) -> None:
        """End every job and worker, and wait at most `timeout` seconds for that."""
        if self._thread is None or self._loop is None or self._loop.is_closed():
            return
        self._loop.call_soon_threadsafe(self._cancel_main)
        self._thread.join(timeout)

    def drain(self) -> None:
        """Start no more jobs: queued jobs end now, new jobs are refused, running jobs go on."""
        self._draining = True
        self.registry.end_waiting(NOT_STARTED_MESSAGE)

    @property
    def running(self) -> int:
        """How many jobs run now."""
        return self.registry.running

    @property
    def status(self) -> Status:
        """warming, ready or unavailable, with a sentence for the page."""
        dispatcher = self._dispatcher
        if self._draining and self._outage is not STOPPED:
            return DRAINING
        return dispatcher.status() if dispatcher else self._outage

    def workers(self) -> tuple[Worker, ...]:
        """The worker processes."""
        dispatcher = self._dispatcher
        return tuple(dispatcher.workers) if dispatcher else ()

    @property
    def full(self) -> bool:
        """Whether the queue accepts no more jobs now."""
        return self.registry.queue_length() >= self._settings.queue_limit

    @property
    def queue_length(self) -> int:
        """How many jobs wait."""
        return self.registry.queue_length() + self.registry.queue_length(urgent=True)

    @property
    def idle(self) -> bool:
        """Whether a job would start at once and delay nobody: a worker is idle and no job waits."""
        return self.status.state == "ready" and not self.queue_length and any(each.idle for each in self.workers())

    def expected_wait(self, view: JobView) -> float:
        """Seconds until a queued job will probably start; 0 for any other."""
        return self.registry.expected_wait(view.id, self._parallel_jobs)

    def set_network(self, visitor: str, network: str) -> None:
        """Record the network that the visitor is in now. Its visitors share turns and places in the queue."""
        with self._networks_lock:
            self._networks[visitor] = network

    def submit(self, visitor: str, kind: str, payload: Payload, urgent: bool = False, parallel: bool = False) -> Job:
        """Queue a job and return its handle at once, also before the workers are warm. Urgent (short) jobs go first.

        A visitor's jobs run one after the other; `parallel` ones beside each other if nobody else waits. If the job
        is too large or the queue is full, its state is "refused" and its message says why.

        Raises ValueError for an unknown kind, TypeError for a payload of another kind, and RuntimeError after `stop`
        (but after `drain` the job is refused).
        """
        self._check_kind(kind, payload)
        if self._outage is STOPPED and not self._draining:
            raise RuntimeError("the job manager is stopped")
        job = Job(visitor, kind, payload, urgent, parallel, self._network(visitor), self._expected(payload))
        refusal = self._too_large(payload, self._settings)
        self.registry.add(
            job, lambda queue: DRAINING_MESSAGE if self._draining else refusal or self._queue_refusal(queue, job)
        )
        if not job.ended:
            self._notify(lambda dispatcher: dispatcher.wake())
        return job

    def prepare(self, visitor: str, kind: str, payload: Payload) -> bool:
        """Run a spare job, which nobody has requested, once a worker is idle and no job waits. False on a busy server.

        It delays nobody: it is cancelled when another job needs its worker, and dropped if no worker is idle within
        some seconds. It replaces a spare job that still waits. It has no handle and no result, and no limit counts it.
        Raises ValueError and TypeError as `submit` does.
        """
        self._check_kind(kind, payload)
        busy = self._draining or self.status.state != "ready" or self.queue_length > self._parallel_jobs
        if busy or self._too_large(payload, self._settings):
            return False
        self.registry.add_spare(Job(visitor, kind, payload, spare=True))
        return True

    def join(self, job: Job, visitor: str, payload: Payload) -> None:
        """Let the visitor, who requested `payload`, wait for `job`, whoever submitted it.

        It starts no later than a job of their own would.
        """
        self.registry.join(job, visitor, payload, self._network(visitor))
        self._notify(lambda dispatcher: dispatcher.wake())

    def cancel(self, visitor: str, job_id: str) -> bool:
        """Cancel the visitor's own job: a queued one at once, a running one within about a second.

        False, and nothing changes, if it has ended, is unknown or is another visitor's.
        """
        job = self.registry.get(visitor, job_id)
        if job is None or not self.registry.cancel(job, CANCELLED):
            return False
        self.registry.unfollow(job, visitor)
        if not job.ended:
            self._notify(lambda dispatcher: dispatcher.cancel(job))
        return True

    def on_end(self, listener: Callable[[Job], None]) -> None:
        """Call `listener` with every job that ends, refused ones included. It must be quick: all jobs wait for it."""
        self.registry.on_end = listener

    def wait(self, job: Job, timeout: float | None = None) -> JobView:
        """Block until `job` has ended or `timeout` seconds have passed; return its view in either case.

        For notebooks, tests and downloads that are made on request. A page polls `job.view()` instead.
        """
        return self.registry.wait(job, timeout)

    @property
    def _parallel_jobs(self) -> int:
        """How many jobs can run at once: the warm workers, or before there are any, those that the settings name."""
        return sum(worker.warm for worker in self.workers()) or self._settings.workers

    def _network(self, visitor: str) -> str:
        """The visitor's network; empty for one who never arrived, such as the owner of a room's runs."""
        with self._networks_lock:
            return self._networks.get(visitor, "")

    def _check_kind(self, kind: str, payload: Payload) -> None:
        if kind not in self._kinds:
            raise ValueError(f"there is no job of kind {kind!r}; there are {', '.join(self._kinds)}")
        if not isinstance(payload, self._kinds[kind].payload):
            raise TypeError(f"a job of kind {kind!r} takes a {self._kinds[kind].payload.__name__}, got {payload!r:.80}")

    def _queue_refusal(self, queue: Queue, job: Job) -> str | None:
        """Why `job` cannot be queued now, in a sentence; None if it can."""
        bounds = self._settings
        mine, all_waiting = queue.length(job.urgent, job.visitor), queue.length(job.urgent)
        if mine >= bounds.queue_per_visitor:
            jobs = counted(mine, "job")
            return f"You already have {jobs} in the queue. Wait for one to start or cancel one, and try again."
        # Urgent jobs are short, and a page requests a few by itself.
        most, neighbours = bounds.queue_limit * (4 if job.urgent else 1), queue.length(job.urgent, network=job.network)
        if all_waiting >= most:
            reason = f"The queue is full ({all_waiting:,} waiting)."
        elif neighbours >= most - most // 10:  # the last places are for others
            reason = f"Your network has {neighbours:,} jobs in the queue, the most that one network may have."
        else:
            return None
        return f"{reason} Your settings are kept. Try again in a minute."

    # The rest runs on the thread.

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        self._main = loop.create_task(self._serve())
        try:
            loop.run_until_complete(self._main)
        except asyncio.CancelledError:
            pass
        finally:
            self._outage, self._dispatcher = STOPPED, None
            self.registry.end_all(STOPPED_MESSAGE)
            loop.close()

    async def _serve(self) -> None:
        while self._outage is not STOPPED:
            try:
                async with self._dispatching() as self._dispatcher:
                    try:
                        await self._dispatcher.run()
                    finally:
                        self._dispatcher = None
                        self.registry.end_running(STOPPED_MESSAGE if self._outage is STOPPED else LOST)
            except OSError as error:
                log.warning("no scheduler can be reached, trying again in %s s: %s", RETRY_AFTER, error)
            except Exception:
                log.exception("the cluster of workers failed, starting it again in %s s", RETRY_AFTER)
            if self._outage is not STOPPED:
                self._outage = UNAVAILABLE
                await asyncio.sleep(RETRY_AFTER)

    @asynccontextmanager
    async def _dispatching(self) -> AsyncIterator[Dispatcher | RecordedWorkers]:
        if self._settings.recordings is not None:
            yield RecordedWorkers(self.registry, self._kinds, self._settings, self._settings.recordings)
            return
        async with connect(self._settings) as client:
            yield Dispatcher(client, self.registry, self._kinds, self._settings)

    def _cancel_main(self) -> None:
        self._outage = STOPPED
        if self._main is not None:
            self._main.cancel()

    def _notify(self, action: Callable[[Dispatcher | RecordedWorkers], None]) -> None:
        """Call `action` with the dispatcher, if there is one, on its own thread."""

        def call() -> None:
            if self._dispatcher is not None:
                action(self._dispatcher)

        if self._loop is not None:
            self._loop.call_soon_threadsafe(call)
