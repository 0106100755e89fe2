"""Real trainings whose styles a worker has compiled ahead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from backend.activity import activities
from backend.config.settings import Settings
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.dataset import Sequences
from backend.experiment.training import Training
from backend.jobs import Job
from backend.services import Services, serving
from backend.training.job import TrainJob
from backend.training.result import Run
from harness.local import until

pytestmark = pytest.mark.jobs
TRAINS = True

WORKERS = 2
EXPERIMENT = Experiment(
    architecture=Architecture(lstm=(11,)), sequences=Sequences(samples=300), training=Training(epochs=2)
)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A server with two workers that train. They have compiled nothing that a test did not have them compile."""
    built = Services.build(Settings(workers=WORKERS, state_dir=tmp_path_factory.mktemp("state")))
    built.jobs.start()
    try:
        until(lambda: built.jobs.status.state == "ready")
        with serving(built):
            yield built
    finally:
        built.jobs.stop()


def train(services: Services, visitor: str, experiment: Experiment = EXPERIMENT) -> Job:
    return services.jobs.submit(visitor, "train", TrainJob(experiment=experiment))


def result(services: Services, job: Job) -> Run:
    view = services.jobs.wait(job, 120)
    assert view.state == "finished", view.message
    run: Run = view.result
    return run


def bits(run: Run) -> dict[str, Any]:
    """Every number that the experiment decides, as text."""
    kept = run.model_dump(mode="json", include={"epochs", "weights", "snapshots", "predictions"})
    for epoch in kept["epochs"]:
        del epoch["seconds"]
    return kept


@pytest.mark.takes("two workers load Keras, and a training traces its graphs")
def test_a_prepared_training_traces_nothing_and_has_the_bits_of_a_cold_one(services: Services) -> None:
    ended: list[Job] = []
    services.jobs.on_end(ended.append)
    assert services.runs.prepare(EXPERIMENT, "ada")
    until(lambda: any(worker.speculative for worker in services.jobs.workers()))
    assert activities("ada") == []
    until(lambda: bool(ended))
    assert [(job.kind, job.state) for job in ended] == [("prepare", "finished")]
    assert activities("ada") == []
    assert services.runs.latest("ada") is None

    prepared = result(services, train(services, "ada"))
    assert prepared.timings.traced == 0

    long = EXPERIMENT.model_copy(update={"training": Training(epochs=100, seeds=10)})
    busy = train(services, "bob", long)  # on the same worker
    until(lambda: bool(busy.events))
    cold = result(services, train(services, "ada"))
    assert cold.timings.traced > 0, "the other worker has compiled nothing"
    assert bits(prepared) == bits(cold)
    services.jobs.cancel("bob", busy.id)
    services.jobs.wait(busy, 120)


@pytest.mark.takes("two workers load Keras, and a training traces its graphs")
def test_a_training_that_begins_during_its_preparation_goes_on_with_it(services: Services) -> None:
    assert not any(worker.job for worker in services.jobs.workers())
    slow = EXPERIMENT.model_copy(update={"architecture": Architecture(timesteps=30)})  # slow to trace
    ended: list[Job] = []
    services.jobs.on_end(ended.append)
    assert services.runs.prepare(slow, "ada")
    until(lambda: any(worker.speculative for worker in services.jobs.workers()))
    address = next(worker.address for worker in services.jobs.workers() if worker.speculative)
    job = train(services, "ada", slow)
    until(lambda: any(worker.job == job.id for worker in services.jobs.workers()))
    assert [worker.address for worker in services.jobs.workers() if worker.job] == [address]
    assert result(services, job).epochs
    assert [(each.kind, each.state) for each in ended] == [("prepare", "cancelled"), ("train", "finished")]
