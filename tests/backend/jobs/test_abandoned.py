"""What nobody looks at any more makes way where somebody else waits for a worker, and only there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.jobs import Job, JobManager
from harness.local import until
from tests.backend.jobs.helpers import KINDS
from tests.backend.jobs.outside import WHERE, jobs_on

pytestmark = pytest.mark.jobs

SECONDS = 1


@pytest.fixture(scope="module", params=WHERE)
def jobs(
    request: pytest.FixtureRequest, quick_workers: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[JobManager]:
    """One worker, our own or an operator's, and less patience than an operator may set."""
    with jobs_on(
        request.param, tmp_path_factory.mktemp("cluster"),
        lambda settings: JobManager(settings.model_copy(update={"abandoned_seconds": SECONDS}), KINDS),
        workers=1,
    ) as jobs:  # fmt: skip
        until(lambda: jobs.status.state == "ready")
        yield jobs


def ran(job: Job) -> float:
    """Seconds over which it has reported."""
    return job.events[-1]["at"] - job.events[0]["at"] if job.events else 0.0


def test_it_goes_on_while_nobody_waits_and_ends_when_somebody_does(jobs: JobManager) -> None:
    running = jobs.submit("ada", "count", {"to": 10**6})
    until(lambda: ran(running) > 3 * SECONDS)
    assert running.state == "running"
    waiting = jobs.submit("ada", "count", {"to": 1})
    until(lambda: ran(running) > 5 * SECONDS)
    assert (running.state, waiting.state) == ("running", "queued"), "ada waits for herself alone"

    assert jobs.wait(jobs.submit("bob", "count", {"to": 1}), 60).state == "finished"
    assert (running.state, waiting.state) == ("abandoned", "abandoned")
    assert running.message.startswith("No page had shown this for ")
    assert running.message.endswith("while somebody else waited for a worker, so it was cancelled. Run it again.")
    assert running.events, "what it reported stays"


def test_one_that_somebody_looks_at_goes_on(jobs: JobManager) -> None:
    running = jobs.submit("ada", "count", {"to": 10**6})
    waiting = jobs.submit("bob", "count", {"to": 1})

    def looked_at() -> bool:
        running.look()
        waiting.look()
        return ran(running) > 3 * SECONDS

    until(looked_at)
    assert (running.state, waiting.state) == ("running", "queued")
    jobs.cancel("ada", running.id)
    assert jobs.wait(waiting, 30).state == "finished"


def test_one_that_does_not_listen_is_stopped_with_its_worker(jobs: JobManager, tmp_path: Path) -> None:
    mark = tmp_path / "deaf"
    deaf = jobs.submit("ada", "deaf", {"mark": str(mark)})
    until(mark.exists)
    assert jobs.wait(jobs.submit("bob", "count", {"to": 1}), 90).state == "finished"
    assert deaf.state == "abandoned"
