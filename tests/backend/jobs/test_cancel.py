"""A real training is cancelled in each state it can be in; it always ends, and the next one always runs."""

from __future__ import annotations

import pytest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.training import Training
from backend.jobs import Job, JobManager
from backend.jobs.messages import Phase
from backend.training.job import TrainJob
from harness.local import until

pytestmark = pytest.mark.jobs
TRAINS = True


@pytest.fixture
def jobs(workers: JobManager) -> JobManager:
    """The worker of all tests of this process. `test_outside.py` cancels a job on an operator's."""
    until(lambda: workers.idle())
    return workers


def train(jobs: JobManager, units: int, epochs: int) -> Job:
    """Another architecture each time, so that it has to be built and traced."""
    architecture = Architecture(lstm=(units,), timesteps=4)
    experiment = Experiment(architecture=architecture, training=Training(epochs=epochs))
    return jobs.submit("ada", "train", TrainJob(experiment=experiment))


def reached(job: Job, state: str) -> bool:
    """Whether the job is queued or running, or has reported this phase or an epoch."""
    return job.state == state or any(
        state in (event.event, event.phase if isinstance(event, Phase) else None) for event in job.events
    )


STATES = ["queued", "running", "building", "tracing", "epoch"]
MARKS = {state: [pytest.mark.soak] for state in ("running", "building")}


@pytest.mark.parametrize("state", [pytest.param(each, marks=MARKS.get(each, [])) for each in STATES])
def test_a_cancelled_training_ends_and_the_next_one_runs(jobs: JobManager, state: str) -> None:
    units = 20 + STATES.index(state)
    before = train(jobs, 1, 100) if state == "queued" else None
    if before:
        until(lambda: before.state == "running")
    job = train(jobs, units, 100)
    until(lambda: reached(job, state))
    assert jobs.cancel("ada", job.id)
    jobs.cancel("ada", job.id)  # an impatient visitor
    view = jobs.wait(job, 120)
    assert (view.state, view.message) == ("cancelled", "Cancelled.")
    if before:
        assert before.state == "running", "no other job is affected"
        jobs.cancel("ada", before.id)
        jobs.wait(before, 120)
    after = train(jobs, units, 1)
    assert jobs.wait(after, 180).state == "finished"
    assert not jobs.cancel("ada", after.id), "it has ended"
    assert after.state == "finished"
