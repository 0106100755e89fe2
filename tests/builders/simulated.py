"""Workers that are no processes: a client as Dask's for the dispatcher, in time that passes only while all wait.

`simulate(clock, scenario)` runs a coroutine that gets a `Simulation`. An hour there takes a moment here, and what
happens in it happens in the same order each time.
"""

import asyncio
import os
import time
from itertools import count
from selectors import DefaultSelector

from backend.config.settings import Settings
from backend.jobs import runtime
from backend.jobs.compression import Compressed
from backend.jobs.dispatcher import Dispatcher
from backend.jobs.endings import CANCELLED
from backend.jobs.job import Job
from backend.jobs.registry import JobRegistry
from tests.backend.jobs.helpers import JOB_KINDS
from tests.backend.jobs.samples import Counted

#: Seconds until there is another worker in the place of a killed one.
STARTS_WITHIN = 1.0
#: Seconds until a request has come.
DELAY = 0.01


def stopped_clock(monkeypatch):
    """Stops both clocks; returns a function that moves them forward by so many seconds."""
    now = {"time": time.time(), "monotonic": time.monotonic()}
    monkeypatch.setattr(time, "time", lambda: now["time"])
    monkeypatch.setattr(time, "monotonic", lambda: now["monotonic"])

    def move(seconds):
        for name in now:
            now[name] += seconds

    return move


def simulate(clock, scenario, workers=2, kinds=JOB_KINDS, **settings):
    """Run `scenario(simulation)` with so many workers."""

    class Jump(DefaultSelector):
        def select(self, timeout=None):
            found = super().select(0)
            if not found and timeout:
                clock(timeout)
            return found

    async def run():
        simulation = Simulation(Settings(workers=workers).model_copy(update=settings), kinds)
        dispatching = asyncio.create_task(simulation.dispatcher.run())
        async with asyncio.timeout(3600):
            await simulation.until(lambda: simulation.warm == workers)
            await scenario(simulation)
        assert not dispatching.done()
        dispatching.cancel()
        await asyncio.gather(dispatching, return_exceptions=True)

    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(Jump())) as runner:
        runner.run(run())


class Simulation:
    """A registry and a dispatcher with workers that are no processes. Jobs that ended are in `ended`."""

    def __init__(self, settings, kinds):
        self.registry = JobRegistry(100, longest=settings.seconds_per_job)
        self.ended = []
        self.registry.on_end = self.ended.append
        self.client = Client(settings.workers)
        self.dispatcher = Dispatcher(self.client, self.registry, kinds, settings)

    @property
    def warm(self):
        return sum(worker.warm for worker in self.dispatcher.workers)

    @property
    def pids(self):
        return {worker.pid for worker in self.dispatcher.workers}

    def submit(self, visitor, kind, payload, **how):
        self.registry.add(job := Job(visitor, kind, payload, **how))
        self.dispatcher.wake()
        return job

    def prepare(self, visitor, kind, payload):
        self.registry.add_spare(job := Job(visitor, kind, payload, spare=True))
        return job

    def cancel(self, *jobs):
        for job in jobs:
            self.registry.cancel(job, CANCELLED)
            if not job.ended:
                self.dispatcher.cancel(job)

    async def until(self, condition):
        while not condition():
            await asyncio.sleep(0.01)

    async def state(self, *jobs):
        """The last states of these jobs, once they have ended."""
        await self.until(lambda: all(job.ended for job in jobs))
        return [job.state for job in jobs]


class Client:
    """What the dispatcher uses of `distributed.Client`."""

    status = "running"

    def __init__(self, workers):
        self.scheduler = self
        self.handlers = {}
        self.workers = {}
        self._pids = count(1)
        for _ in range(workers):
            self.start()

    def start(self):
        worker = Process(self, next(self._pids))
        self.workers[worker.address] = worker
        self.publish("all", {"action": "add-worker", "worker": worker.address})
        return worker

    def subscribe_topic(self, topic, handler):
        self.handlers[topic] = handler

    def unsubscribe_topic(self, topic):
        del self.handlers[topic]

    def publish(self, topic, message):
        if topic in self.handlers:
            self.handlers[topic]((time.time(), message))

    async def identity(self):
        await asyncio.sleep(DELAY)
        return {"workers": {address: {"metrics": {"memory": 0}, "nanny": True} for address in self.workers}}

    async def run(self, function, *arguments, workers, nanny=False, on_error="raise"):
        worker = self.workers[workers[0]]
        if worker.frozen and not nanny:
            await asyncio.Event().wait()
        await asyncio.sleep(DELAY)
        if function is runtime.process_state:
            return {worker.address: worker.state()}
        if function is runtime.flag:
            worker.flagged.add(*arguments)
        elif function is os.kill:
            await worker.die()
        return None

    def submit(self, _, function, payload, job_id, key, workers, pure):
        return self.workers[workers[0]].take(function.partition(":")[2], payload, job_id, key)

    def freeze(self, pid, frozen=True):
        """What SIGSTOP does to that process, and SIGCONT."""
        next(worker for worker in self.workers.values() if worker.pid == pid).frozen = frozen


class Future:
    """What the dispatcher uses of `distributed.Future`."""

    def __init__(self, key):
        self.key = key
        self.outcome = asyncio.get_running_loop().create_future()

    def __await__(self):
        return self.outcome.__await__()

    def end(self, outcome=None):
        if not self.outcome.done():
            self.outcome.set_result(outcome) if outcome else self.outcome.set_exception(RuntimeError("lost"))

    async def cancel(self):
        self.end()

    def release(self):
        pass


class Process:
    """A worker process. It runs one job at a time, as the functions of `samples` do."""

    def __init__(self, client, pid):
        self.address, self.pid, self._client = f"worker {pid}", pid, client
        self.frozen = False
        self.traced = 0
        self.running = None
        self.flagged = set()
        self.versions = runtime.versions()
        self._free = asyncio.Lock()
        self._tasks = {}

    def state(self):
        return runtime.ProcessState(self.pid, True, 0, self.traced, self.running, self.versions)

    def take(self, name, payload, job_id, key):
        future = Future(key)
        self._tasks[future] = asyncio.create_task(self._run(name, payload, job_id, future))
        return future

    async def die(self):
        del self._client.workers[self.address]
        for future, task in self._tasks.items():
            task.cancel()
            future.end()
        self._client.publish("all", {"action": "remove-worker", "worker": self.address})
        asyncio.get_running_loop().call_later(STARTS_WITHIN, self._client.start)

    async def _run(self, name, payload, job_id, future):
        async with self._free:
            while self.frozen:
                await asyncio.sleep(0.01)
            if future.outcome.done():
                return
            self.running = job_id
            self._client.publish(runtime.TOPIC, {"job": job_id, "worker": self.address})
            outcome = await getattr(self, name)(payload, job_id)
            self.running = None
            future.end(outcome)

    def _ended(self, state, result=None):
        return runtime.Outcome(state, Compressed.of(result) if result else None, process=self.state())

    async def count(self, payload, job_id):
        for n in range(1, payload.to + 1):
            if job_id in self.flagged:
                return self._ended("cancelled")
            self._client.publish(runtime.TOPIC, {"job": job_id, "event": Counted(n=n, at=time.time()).model_dump()})
            await asyncio.sleep(payload.pause)
        return self._ended("finished", payload.to)

    async def deaf(self, payload, job_id):
        await asyncio.Event().wait()

    async def trace(self, payload, job_id):
        self.traced += payload.models
        for _ in range(100 * payload.then_to):
            if job_id in self.flagged:
                return self._ended("cancelled")
            await asyncio.sleep(0.01)
        return self._ended("finished", self.pid)
