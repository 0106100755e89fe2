"""All claims at once, on the default experiment, as **Test all** requests them."""

from __future__ import annotations

import time
from collections.abc import Iterator

from backend.config.settings import Settings
from backend.experiment import Experiment
from backend.jobs import JobManager
from backend.questions.claims import CLAIMS
from backend.questions.claims.job import ClaimJob
from backend.worker.kinds import JOB_KINDS


def measure() -> Iterator[tuple[str, float]]:
    """`claims_all_s`: seconds until two warm, idle workers, which have measured no claim before, have measured all."""
    experiment = Experiment()
    jobs = JobManager(Settings(workers=2), JOB_KINDS)
    jobs.start()
    try:
        while jobs.status.state != "ready":
            time.sleep(0.02)
        started = time.perf_counter()
        submitted = [
            jobs.submit(
                "bench",
                "claim",
                ClaimJob(question=claim.key, settings=experiment),
                parallel=True,
            )
            for claim in CLAIMS.values()
            if claim.measured
        ]
        states = {jobs.wait(job).state for job in submitted}
        seconds = time.perf_counter() - started
    finally:
        jobs.stop()
    assert states == {"finished"}, states
    yield "claims_all_s", seconds
