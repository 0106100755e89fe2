"""What the tests of jobs share."""

from __future__ import annotations

from backend.jobs import JobManager

SAMPLES = ["count", "deaf", "crash", "fail", "refuse", "allocate", "grow", "trace"]
#: What a cluster of workers for these samples preloads.
QUICK = "tests.backend.jobs.quick"
KINDS = {name: f"tests.backend.jobs.samples:{name}" for name in SAMPLES}


def all_warm(jobs: JobManager) -> bool:
    return sum(worker.warm for worker in jobs.workers()) == 2
