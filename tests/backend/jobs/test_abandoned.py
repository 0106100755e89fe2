"""A job that nobody looks at is cancelled if another visitor waits for a worker, and only then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.jobs import Job, JobManager
from harness.local import until
from tests.backend.jobs.helpers import FOR_EVER, JOB_KINDS, begin
from tests.backend.jobs.outside import WHERE, jobs_on
from tests.backend.jobs.samples import Count

pytestmark = pytest.mark.jobs

SECONDS = 1


@pytest.fixture(scope="module", params=WHERE)
def jobs(
    request: pytest.FixtureRequest, quick_workers: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[JobManager]:
    """One worker, our own or an operator's, and a shorter time than an operator may set."""
    with jobs_on(
        request.param, tmp_path_factory.mktemp("cluster"),
        lambda settings: JobManager(settings.model_copy(update={"abandoned_seconds": SECONDS}), JOB_KINDS),
        workers=1,
    ) as jobs:  # fmt: skip
        until(lambda: jobs.status.state == "ready")
        yield jobs


def ran(job: Job) -> float:
    """Seconds over which it has reported."""
    return job.events[-1].at - job.events[0].at if job.events else 0.0


def test_an_abandoned_job_goes_on_until_another_visitor_waits(jobs: JobManager) -> None:
    running = jobs.submit("ada", "count", FOR_EVER)
    until(lambda: ran(running) > 3 * SECONDS)
    assert running.state == "running"
    waiting = jobs.submit("ada", "count", Count(to=1))
    until(lambda: ran(running) > 5 * SECONDS)
    until(lambda: waiting.is_abandoned(SECONDS))
    assert (running.state, waiting.state) == ("running", "queued"), "ada waits for herself alone"

    assert jobs.wait(jobs.submit("bob", "count", Count(to=1)), 60).state == "finished"
    assert (running.state, waiting.state) == ("abandoned", "abandoned")
    assert running.message.startswith("This job was cancelled because no page had shown it for ")
    assert running.message.endswith("another visitor was waiting for a worker. Run it again.")
    assert running.events, "its events stay"


def test_a_job_that_a_page_shows_goes_on_while_another_visitor_waits(jobs: JobManager) -> None:
    running = jobs.submit("ada", "count", FOR_EVER)
    waiting = jobs.submit("bob", "count", Count(to=1))

    def looked_at() -> bool:
        running.look()
        waiting.look()
        return ran(running) > 3 * SECONDS

    until(looked_at)
    assert (running.state, waiting.state) == ("running", "queued")
    jobs.cancel("ada", running.id)
    assert jobs.wait(waiting, 30).state == "finished"


def test_an_abandoned_job_that_ignores_its_flag_is_stopped_with_its_worker(jobs: JobManager, tmp_path: Path) -> None:
    mark = tmp_path / "deaf"
    deaf = begin(jobs, "ada", "deaf", mark)
    until(mark.exists)
    assert jobs.wait(jobs.submit("bob", "count", Count(to=1)), 90).state == "finished"
    assert deaf.state == "abandoned"
