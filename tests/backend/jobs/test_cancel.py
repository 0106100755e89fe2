"""A real training is cancelled in each state it can be in; it always ends, and the next one always runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from backend.config.settings import Settings
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.training import Training
from backend.jobs import Job, JobManager
from backend.jobs.cluster import PRELOAD
from backend.worker.kinds import KINDS
from harness.local import until
from tests.backend.jobs.outside import WHERE, jobs_on

pytestmark = pytest.mark.jobs
TRAINS = True


@pytest.fixture(scope="module", params=WHERE)
def jobs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JobManager]:
    """One worker that trains, our own or an operator's."""
    with jobs_on(request.param, tmp_path_factory.mktemp("cluster"), JobManager, PRELOAD, workers=1) as jobs:
        until(lambda: jobs.status.state == "ready")
        yield jobs


def train(jobs: JobManager, units: int, epochs: int) -> Job:
    """Another architecture each time, so that it has to be built and traced."""
    experiment = Experiment(architecture=Architecture(lstm=(units,)), training=Training(epochs=epochs))
    return jobs.submit("ada", "train", {"experiment": experiment.model_dump(mode="json")})


def reached(job: Job, state: str) -> bool:
    """Whether the job is queued or running, or reports this phase or epoch."""
    told: list[dict[str, Any]] = list(job.events)
    return job.state == state or any(state in (event.get("phase"), event.get("event")) for event in told)


STATES = ["queued", "running", "building", "tracing", "epoch"]


@pytest.mark.parametrize("state", STATES)
def test_it_ends_and_the_next_one_runs(jobs: JobManager, state: str) -> None:
    units = 20 + STATES.index(state)
    before = train(jobs, 1, 100) if state == "queued" else None
    if before:
        until(lambda: before.state == "running")
    job = train(jobs, units, 100)
    until(lambda: reached(job, state))
    assert jobs.cancel("ada", job.id)
    jobs.cancel("ada", job.id)  # an impatient visitor
    view = jobs.wait(job, 30)
    assert (view.state, view.message) == ("cancelled", "Cancelled.")
    if before:
        assert before.state == "running", "no other job is touched"
        jobs.cancel("ada", before.id)
        jobs.wait(before, 30)
    assert jobs.wait(train(jobs, units, 1), 60).state == "finished"


def test_what_has_ended_cannot_be_cancelled(jobs: JobManager) -> None:
    job = train(jobs, 20, 1)
    assert jobs.wait(job, 60).state == "finished"
    assert not jobs.cancel("ada", job.id)
    assert job.state == "finished"


def test_a_drained_server_ends_what_waits_keeps_what_runs_and_takes_no_more() -> None:
    jobs = JobManager(Settings(workers=1), KINDS)
    jobs.start()
    try:
        until(lambda: jobs.status.state == "ready")
        running = train(jobs, 8, 10)
        until(lambda: reached(running, "epoch"))
        waiting = train(jobs, 9, 1)
        jobs.drain()
        assert (waiting.state, "had not begun" in waiting.message) == ("lost", True)
        late = train(jobs, 8, 1)
        assert (late.state, "takes nothing new" in late.message) == ("refused", True)
        assert (jobs.status.state, jobs.running) == ("unavailable", 1)
        assert jobs.wait(running, 60).state == "finished"
        assert jobs.running == 0
    finally:
        jobs.stop()
    assert train(jobs, 8, 1).state == "refused", "a page that asks while the server ends gets a sentence"
