"""What one job may take of a worker: time, memory, a model's size. Nobody else pays for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend import limits
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.jobs import JobManager
from harness.local import until
from tests.backend.jobs.helpers import KINDS
from tests.backend.jobs.outside import WHERE, jobs_on

pytestmark = pytest.mark.jobs

SECONDS, MEGABYTES, PARAMETERS = 3, 1000, 5000


@pytest.fixture(scope="module", params=WHERE)
def jobs(
    request: pytest.FixtureRequest, quick_workers: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[JobManager]:
    """One worker, our own or an operator's."""
    with jobs_on(
        request.param, tmp_path_factory.mktemp("cluster"),
        lambda settings: JobManager(settings, KINDS, too_large=limits.too_large),
        workers=1, worker_memory_mb=MEGABYTES, recycle_rss_mb=800, seconds_per_job=SECONDS,
        parameters_per_model=PARAMETERS,
    ) as jobs:  # fmt: skip
        until(lambda: jobs.status.state == "ready")
        yield jobs


def test_a_job_that_looks_at_its_flag_is_stopped_in_time(jobs: JobManager) -> None:
    view = jobs.wait(jobs.submit("ada", "count", {"to": 10_000}), 30)
    assert view.state == "failed"
    assert view.message == "This was stopped after 3 seconds, the most that a job may take here."
    assert view.events, "what it reported stays"
    assert view.finished_at is not None
    assert view.started_at is not None
    assert view.finished_at - view.started_at >= SECONDS


def test_one_that_does_not_is_stopped_with_its_worker(jobs: JobManager, tmp_path: Path) -> None:
    (worker,) = jobs.workers()
    view = jobs.wait(jobs.submit("ada", "deaf", {"mark": str(tmp_path / "deaf")}), 30)
    assert (view.state, view.message.split(",")[0]) == ("failed", "This was stopped after 3 seconds")
    assert jobs.wait(jobs.submit("bob", "count", {"to": 1}), 60).state == "finished"
    assert jobs.workers()[0].pid != worker.pid


def test_a_job_past_the_memory_limit_is_told_so_and_the_next_one_runs(
    jobs: JobManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = jobs._settings.model_copy(update={"seconds_per_job": 60})  # a worker may have little of the core
    monkeypatch.setattr(jobs._dispatcher, "_settings", patient)
    greedy, next_one = jobs.submit("ada", "grow", {}), jobs.submit("bob", "count", {"to": 1})
    view = jobs.wait(greedy, 60)
    assert view.state == "failed"
    assert "more than the 1,000 MB of memory that a job may use here" in view.message
    assert jobs.wait(next_one, 60).state == "finished"


def test_a_model_that_is_too_large_is_refused_before_it_waits(jobs: JobManager) -> None:
    wide = Architecture(lstm=(256, 256))
    for payload in (
        {"architecture": wide.model_dump(mode="json")},
        {"experiment": Experiment(architecture=wide).model_dump(mode="json")},
    ):
        job = jobs.submit("ada", "count", {"to": 1, **payload})
        assert job.state == "refused"
        assert "parameters, and 5,000 are the most that this server trains" in job.message
    small = {"architecture": Architecture().model_dump(mode="json")}
    assert jobs.wait(jobs.submit("ada", "count", {"to": 1, **small}), 60).state == "finished"
