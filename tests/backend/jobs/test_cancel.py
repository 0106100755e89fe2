"""A real training is cancelled in each state it can be in; it always ends, and the next one always runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.training import Training
from backend.jobs import Job, JobManager
from backend.jobs.cluster import PRELOAD
from backend.jobs.messages import Phase
from backend.training.job import TrainJob
from backend.worker.kinds import JOB_KINDS
from harness.local import until
from tests.backend.jobs.outside import DECIDED_HERE, jobs_on

pytestmark = pytest.mark.jobs
TRAINS = True


@pytest.fixture(scope="module")
def jobs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JobManager]:
    """One worker that trains, our own or an operator's. Our own is that of all tests of this process."""
    if request.param == "embedded":
        workers: JobManager = request.getfixturevalue("workers")
        until(lambda: workers.idle())
        yield workers
        return
    folder = tmp_path_factory.mktemp("cluster")
    with jobs_on(request.param, folder, lambda given: JobManager(given, JOB_KINDS), PRELOAD, workers=1) as jobs:
        until(lambda: jobs.status.state == "ready")
        yield jobs


def train(jobs: JobManager, units: int, epochs: int) -> Job:
    """Another architecture each time, so that it has to be built and traced."""
    experiment = Experiment(architecture=Architecture(lstm=(units,)), training=Training(epochs=epochs))
    return jobs.submit("ada", "train", TrainJob(experiment=experiment))


def reached(job: Job, state: str) -> bool:
    """Whether the job is queued or running, or has reported this phase or an epoch."""
    return job.state == state or any(
        state in (event.event, event.phase if isinstance(event, Phase) else None) for event in job.events
    )


#: How the flag of a job reaches an operator's worker does not depend on what the job does: there, one state is enough.
STATES = ["queued", "running", "building", "tracing", "epoch"]


@pytest.mark.parametrize(
    ("jobs", "state"),
    [
        *(("embedded", state) for state in STATES),
        *(pytest.param("outside", state, marks=[pytest.mark.soak] * (state != "epoch")) for state in STATES),
    ],
    indirect=["jobs"],
)
def test_a_cancelled_training_ends_and_the_next_one_runs(jobs: JobManager, state: str) -> None:
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
        assert before.state == "running", "no other job is affected"
        jobs.cancel("ada", before.id)
        jobs.wait(before, 30)
    assert jobs.wait(train(jobs, units, 1), 180).state == "finished"


@pytest.mark.parametrize("jobs", DECIDED_HERE, indirect=True, scope="module")
def test_a_job_that_has_ended_cannot_be_cancelled(jobs: JobManager) -> None:
    job = train(jobs, 20, 1)
    assert jobs.wait(job, 60).state == "finished"
    assert not jobs.cancel("ada", job.id)
    assert job.state == "finished"
