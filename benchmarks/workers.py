"""How long the workers take to start, report, cancel a job and be replaced after a kill; and how much memory they use.

Two workers, as the app starts them. Seconds and milliseconds are as the server process sees them.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from statistics import median, quantiles
from typing import Literal

import psutil  # type: ignore[import-untyped]
from pydantic import Field, TypeAdapter

from backend.config.settings import Settings
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.dataset import Sequences
from backend.experiment.training import Training
from backend.jobs import Job, JobManager
from backend.jobs.messages import Event, JobKind, Payload
from backend.jobs.runtime import Context
from backend.training.job import TrainJob
from backend.worker.kinds import JOB_KINDS

WORKERS, EVENTS, CANCELS = 2, 200, 5
#: Seconds between two events: a worker that only reports would measure its own queue.
PAUSE = 0.005
#: Seconds to wait for anything at most.
PATIENCE = 120.0
#: Trains for a minute or longer.
LONG = Experiment(training=Training(epochs=100, seeds=10), sequences=Sequences(samples=4096))
#: The most LSTM units, timesteps and sequences in a batch that the app accepts; two steps.
LARGEST = Experiment(
    architecture=Architecture(timesteps=64, lstm=(256, 256, 256)),
    training=Training(epochs=1, batch=512, validation=0),
    sequences=Sequences(samples=1024),
)


class Ticks(Payload):
    """So many events."""

    count: int


class Stuck(Payload):
    """A job that never checks whether it is cancelled, so its worker has to be killed. It takes `seconds`."""

    seconds: float


class Tick(Event):
    """When it was sent and received, in seconds since the epoch. `received` is set where the event is read."""

    event: Literal["tick"] = "tick"
    sent: float
    received: float = Field(default_factory=time.time, exclude=True)


def tick(payload: Ticks, context: Context) -> None:
    """Report each event with the time at which it was sent. Runs in a worker."""
    for _ in range(payload.count):
        time.sleep(PAUSE)
        context.report(Tick(sent=time.time()))


def stuck(payload: Stuck, context: Context) -> None:
    """Be busy, and report only the start. Runs in a worker."""
    context.report(Tick(sent=time.time()))
    time.sleep(payload.seconds)


KINDS = JOB_KINDS | {
    "tick": JobKind("benchmarks.workers:tick", Ticks, TypeAdapter(Tick)),
    "stuck": JobKind("benchmarks.workers:stuck", Stuck, TypeAdapter(Tick)),
}


def measure() -> Iterator[tuple[str, float]]:
    """Start two workers, and measure each figure in turn."""
    jobs = JobManager(Settings(workers=WORKERS), KINDS)
    begun = time.perf_counter()
    jobs.start()
    try:
        _until(lambda: _warm(jobs) == WORKERS)
        yield "workers_warm_s", time.perf_counter() - begun
        yield "worker_warm_mb", max(_mb(worker.pid) for worker in jobs.workers())
        yield from _events(jobs)
        yield "cancel_by_flag_ms", 1000 * _cancel(jobs, "train", TrainJob(experiment=LONG))
        yield "cancel_by_kill_ms", 1000 * _cancel(jobs, "stuck", Stuck(seconds=PATIENCE))
        yield from _killed(jobs)
        yield "largest_model_worker_mb", _largest(jobs)
    finally:
        jobs.stop()


def _events(jobs: JobManager) -> Iterator[tuple[str, float]]:
    events = jobs.wait(jobs.submit("bench", "tick", Ticks(count=EVENTS)), PATIENCE).events
    waits = [1000 * (event.received - event.sent) for event in events if isinstance(event, Tick)]
    yield "event_median_ms", median(waits)
    yield "event_p95_ms", quantiles(waits, n=20)[-1]


def _cancel(jobs: JobManager, kind: str, payload: Payload) -> float:
    """Seconds from the cancel to the end of a running job: the median."""
    waits = []
    for _ in range(CANCELS):
        _until(lambda: _warm(jobs) == WORKERS)
        job = _running(jobs, kind, payload)
        begun = time.perf_counter()
        jobs.cancel("bench", job.id)
        jobs.wait(job, PATIENCE)
        waits.append(time.perf_counter() - begun)
    return median(waits)


def _killed(jobs: JobManager) -> Iterator[tuple[str, float]]:
    """A worker is killed from outside in the middle of a job: until its visitor is told, and until it is replaced."""
    _until(lambda: _warm(jobs) == WORKERS)
    job = _running(jobs, "stuck", Stuck(seconds=PATIENCE))
    (victim,) = (worker.pid for worker in jobs.workers() if worker.job is job)
    begun = time.perf_counter()
    os.kill(victim, signal.SIGKILL)
    jobs.wait(job, PATIENCE)
    yield "kill_noticed_ms", 1000 * (time.perf_counter() - begun)
    _until(lambda: _warm(jobs) == WORKERS and victim not in {worker.pid for worker in jobs.workers()})
    yield "kill_replaced_s", time.perf_counter() - begun


def _largest(jobs: JobManager) -> float:
    """The most resident MB of any worker while it trains the largest model with the largest batch."""
    job, most = jobs.submit("bench", "train", TrainJob(experiment=LARGEST)), 0.0
    while not job.ended:
        most = max([most, *(_mb(worker.pid) for worker in jobs.workers() if worker.job is job)])
        time.sleep(0.05)
    assert job.state == "finished", job.message
    return most


def _running(jobs: JobManager, kind: str, payload: Payload) -> Job:
    """A job that has reported something."""
    job = jobs.submit("bench", kind, payload)
    _until(lambda: bool(job.events) or job.ended)
    assert not job.ended, job.message
    return job


def _mb(pid: int) -> float:
    return float(psutil.Process(pid).memory_info().rss) / 2**20


def _warm(jobs: JobManager) -> int:
    return sum(worker.warm for worker in jobs.workers())


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {PATIENCE:.0f} s")
        time.sleep(0.002)


if __name__ == "__main__":
    for name, value in measure():
        print(f"{name:24} {value:.2f}")
