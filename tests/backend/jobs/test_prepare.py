"""Real trainings whose styles a worker has compiled ahead."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from backend.activity import activities
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.dataset import Sequences
from backend.experiment.training import Training
from backend.jobs import Job, JobManager
from backend.services import Services
from backend.services import services as services_of_this_process
from backend.training.job import TrainJob
from backend.training.result import Run
from harness.local import until

pytestmark = pytest.mark.jobs
TRAINS = True

#: Visitors of this file alone: the tests of a process share one server.
ADA, EVE = "whose training is prepared", "who trains during the preparation"
#: Little to trace, and no other test has it.
EXPERIMENT = Experiment(
    architecture=Architecture(lstm=(11,), timesteps=4), sequences=Sequences(samples=300), training=Training(epochs=2)
)


@pytest.fixture
def services(idle_workers: JobManager) -> Iterator[Services]:
    """A server with a worker that trains."""
    yield services_of_this_process()
    idle_workers.on_end(lambda job: None)


def train(services: Services, visitor: str, experiment: Experiment = EXPERIMENT) -> Job:
    return services.jobs.submit(visitor, "train", TrainJob(experiment=experiment))


def result(services: Services, job: Job) -> Run:
    view = services.jobs.wait(job, 300)
    assert view.state == "finished", view.message
    run: Run = view.result
    return run


def bits(run: Run) -> dict[str, Any]:
    """Every number that the experiment decides, as text."""
    kept = run.model_dump(mode="json", include={"epochs", "weights", "snapshots", "predictions"})
    for epoch in kept["epochs"]:
        del epoch["seconds"]
    return kept


@pytest.mark.takes("a training traces its graphs")
def test_a_prepared_training_traces_nothing(services: Services) -> None:
    ended: list[Job] = []
    services.jobs.on_end(ended.append)
    assert services.runs.prepare(EXPERIMENT, ADA)
    until(lambda: bool(ended) or any(worker.speculative for worker in services.jobs.workers()))
    assert activities(ADA) == []
    until(lambda: bool(ended))
    assert [(job.kind, job.state) for job in ended] == [("prepare", "finished")]
    assert activities(ADA) == []
    assert services.runs.latest(ADA) is None

    assert result(services, train(services, ADA)).timings.traced == 0


@pytest.mark.soak
@pytest.mark.takes("the worker loads Keras again, and a training traces its graphs")
def test_a_prepared_training_has_the_bits_of_a_cold_one(services: Services) -> None:
    """`tests/backend/worker/test_train.py` has it in one process."""
    assert services.runs.prepare(EXPERIMENT, ADA)
    prepared = result(services, train(services, ADA))

    (before,) = services.jobs.workers()
    os.kill(before.pid, signal.SIGKILL)
    until(lambda: any(worker.warm and worker.pid != before.pid for worker in services.jobs.workers()))
    cold = result(services, train(services, ADA))
    assert cold.timings.traced > 0, "the new worker has compiled nothing"
    assert bits(prepared) == bits(cold)


@pytest.mark.takes("a worker loads Keras, and a training traces its graphs")
def test_a_training_that_begins_during_its_preparation_goes_on_with_it(services: Services) -> None:
    """`test_speculative.py` has it that it is given to the worker that prepares it."""
    slow = EXPERIMENT.model_copy(update={"architecture": Architecture(lstm=(4,), timesteps=30)})  # slow to trace
    ended: list[Job] = []
    services.jobs.on_end(ended.append)
    assert services.runs.prepare(slow, EVE)
    until(lambda: any(worker.speculative for worker in services.jobs.workers()))
    job = train(services, EVE, slow)
    assert result(services, job).epochs
    assert [(each.kind, each.state) for each in ended] == [("prepare", "cancelled"), ("train", "finished")]
