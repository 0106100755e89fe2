"""What the tests of jobs share."""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter

from backend.jobs import Job, JobManager
from backend.jobs.messages import JobKind
from harness.local import until
from tests.backend.jobs import samples
from tests.backend.jobs.samples import RECEIVED, Count, Mark, SampleEvent

#: What a cluster of workers for these samples preloads.
QUICK = "tests.real.quick"
JOB_KINDS = {
    name: JobKind(f"{samples.__name__}:{name}", payload, TypeAdapter(SampleEvent))
    for name, payload in {
        "count": samples.Count,
        "deaf": samples.Mark,
        "crash": samples.Mark,
        "fail": samples.Nothing,
        "refuse": samples.Nothing,
        "allocate": samples.Megabytes,
        "grow": samples.Nothing,
        "trace": samples.Models,
    }.items()
}
#: Counts until it is cancelled.
FOR_EVER = Count(to=10**6)


def all_warm(jobs: JobManager) -> bool:
    return sum(worker.warm for worker in jobs.workers()) == 2


def occupy(jobs: JobManager, visitor: str = "busy") -> Job:
    """A job that runs until it is cancelled."""
    job = jobs.submit(visitor, "count", FOR_EVER)
    until(lambda: bool(job.events))
    return job


def begin(jobs: JobManager, visitor: str, kind: str, mark: Path) -> Job:
    """A job that reports, then does what nothing can stop; `mark` exists once it does so."""
    job = jobs.submit(visitor, kind, Mark(mark=str(mark)))
    until(lambda: bool(job.events))
    received(mark)
    return job


def received(mark: Path) -> None:
    """Let the job of that mark go on."""
    Path(f"{mark}{RECEIVED}").touch()


def release(jobs: JobManager, *running: Job) -> None:
    for job in running:
        assert jobs.cancel(job.visitor, job.id)
    for job in running:
        assert jobs.wait(job, 30).state == "cancelled"
