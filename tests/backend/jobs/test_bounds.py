"""The limits of one job: its time, its memory and the size of its model. Other jobs are not affected."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from backend import limits
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.jobs import JobManager
from harness.local import until
from tests.backend.jobs.helpers import JOB_KINDS, begin
from tests.backend.jobs.outside import WHERE, jobs_on
from tests.backend.jobs.samples import Count, CountFor, CountIn, Nothing

pytestmark = pytest.mark.jobs

SECONDS, MEGABYTES, PARAMETERS = 3, 1000, 5000


@pytest.fixture(scope="module", params=WHERE)
def jobs(
    request: pytest.FixtureRequest, quick_workers: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[JobManager]:
    """One worker, our own or an operator's."""
    with limited(request.param, tmp_path_factory.mktemp("cluster"), SECONDS) as jobs:
        yield jobs


@pytest.fixture(params=WHERE)
def patient_jobs(request: pytest.FixtureRequest, quick_workers: None, tmp_path: Path) -> Iterator[JobManager]:
    """The same with more time for a job: a worker that allocates memory may have little of the processor."""
    with limited(request.param, tmp_path, seconds=60) as jobs:
        yield jobs


@contextmanager
def limited(where: str, folder: Path, seconds: int) -> Iterator[JobManager]:
    with jobs_on(
        where, folder,
        lambda settings: JobManager(settings, JOB_KINDS, too_large=limits.too_large),
        workers=1, worker_memory_mb=MEGABYTES, recycle_rss_mb=800, seconds_per_job=seconds,
        parameters_per_model=PARAMETERS,
    ) as jobs:  # fmt: skip
        until(lambda: jobs.status.state == "ready")
        yield jobs


def test_a_job_that_checks_its_flag_is_stopped_at_the_time_limit(jobs: JobManager) -> None:
    view = jobs.wait(jobs.submit("ada", "count", Count(to=10_000)), 30)
    assert view.state == "failed"
    assert view.message == "This job was stopped after 3 seconds, the time limit on this server."
    assert view.events, "its events stay"
    assert view.finished_at is not None
    assert view.started_at is not None
    assert view.finished_at - view.started_at >= SECONDS


def test_a_job_that_ignores_its_flag_is_stopped_with_its_worker(jobs: JobManager, tmp_path: Path) -> None:
    until(lambda: jobs.workers(), "a worker: the test before may have had it replaced")
    (worker,) = jobs.workers()
    view = jobs.wait(begin(jobs, "ada", "deaf", tmp_path / "deaf"), 60)
    assert (view.state, view.message.split(",")[0]) == ("failed", "This job was stopped after 3 seconds")
    assert jobs.wait(jobs.submit("bob", "count", Count(to=1)), 60).state == "finished"
    assert jobs.workers()[0].pid != worker.pid


def test_a_job_that_uses_too_much_memory_fails_with_the_reason_and_the_next_job_runs(patient_jobs: JobManager) -> None:
    jobs = patient_jobs
    greedy, next_one = jobs.submit("ada", "grow", Nothing()), jobs.submit("bob", "count", Count(to=1))
    view = jobs.wait(greedy, 60)
    assert view.state == "failed"
    assert "more than 95% of the 1,000 MB of memory that a job may use here" in view.message
    assert jobs.wait(next_one, 60).state == "finished"


def test_a_job_on_a_model_that_is_too_large_is_refused_and_not_queued(jobs: JobManager) -> None:
    wide = Architecture(lstm=(256, 256))
    for payload in (CountFor(to=1, architecture=wide), CountIn(to=1, experiment=Experiment(architecture=wide))):
        job = jobs.submit("ada", "count", payload)
        assert job.state == "refused"
        assert "parameters, but this server accepts at most 5,000." in job.message
    small = CountFor(to=1, architecture=Architecture())
    assert jobs.wait(jobs.submit("ada", "count", small), 60).state == "finished"
