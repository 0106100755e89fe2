"""A worker that is due for renewal when its job is displaced: no other worker has the job before that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backend.config.settings import Settings
from backend.jobs import Job, JobManager, displacement
from backend.jobs.messages import Payload
from harness.local import until
from tests.backend.jobs.helpers import JOB_KINDS, all_warm
from tests.backend.jobs.outside import jobs_on
from tests.backend.jobs.samples import Count, Models

pytestmark = pytest.mark.jobs


@pytest.fixture
def jobs(quick_workers: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JobManager]:
    def expected(payload: Payload) -> float:
        return 500.0 if isinstance(payload, Models) else 1.0

    def make(settings: Settings) -> JobManager:
        return JobManager(settings, JOB_KINDS, expected=expected)

    folder = tmp_path_factory.mktemp("cluster")
    with jobs_on("embedded", folder, make, workers=2, recycle_traced=5, cancel_grace_seconds=30) as jobs:
        until(lambda: all_warm(jobs))
        yield jobs


def test_a_displaced_job_waits_for_another_worker_only_once_its_own_is_renewed(
    jobs: JobManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(displacement, "PATIENCE", 0.2)
    for visitor, network in (("mia", "192.0.2.1"), ("max", "192.0.2.1"), ("ada", "198.51.100.7")):
        jobs.set_network(visitor, network)
    usable: list[list[bool]] = []
    put_back = jobs.registry.put_back

    def noted(job: Job) -> bool:
        usable.append([worker.warm for worker in jobs.workers() if worker.job == job.id])
        return put_back(job)

    monkeypatch.setattr(jobs.registry, "put_back", noted)
    long = [jobs.submit(visitor, "trace", Models(models=5, then_to=10**6)) for visitor in ("mia", "max")]
    until(lambda: all(job.events for job in long))
    mine = jobs.submit("ada", "count", Count(to=1))
    assert jobs.wait(mine, 60).state == "finished"
    assert usable in ([[False]], [[]]), "its worker is being replaced, or is gone already"
    for job in long:
        assert jobs.cancel(job.visitor, job.id)
        assert jobs.wait(job, 30).state == "cancelled"
