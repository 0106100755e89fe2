"""Real trainings that are cancelled, prepared or displaced: each ends, and has the bits that it would have anyway."""

import os
import signal

import pytest

from backend.activity import activities
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.dataset import Sequences
from backend.experiment.training import Training
from backend.jobs import displacement
from backend.jobs.messages import Phase
from backend.services import services as services_of_this_process
from backend.training.job import PrepareJob, TrainJob, epochs_of
from harness.local import until

pytestmark = pytest.mark.jobs
TRAINS = True

#: A visitor of this file alone: the tests of a process share one server.
ADA = "whose training is prepared"
#: Little to trace, and no other test has it.
EXPERIMENT = Experiment(
    architecture=Architecture(lstm=(11,), timesteps=4), sequences=Sequences(samples=300), training=Training(epochs=2)
)
#: Long enough to be displaced, and short enough for a test to wait for its end.
LONG = EXPERIMENT.model_copy(update={"training": Training(epochs=100, batch=8)})


def train(jobs, visitor, experiment=EXPERIMENT):
    return jobs.submit(visitor, "train", TrainJob(experiment=experiment))


def result(jobs, job):
    view = jobs.wait(job, 300)
    assert (view.state, view.message) == ("finished", "")
    return view.result


def bits(run):
    """Every number that the experiment decides, as text."""
    kept = run.model_dump(mode="json", include={"epochs", "weights", "snapshots", "predictions"})
    for epoch in kept["epochs"]:
        del epoch["seconds"]
    return kept


@pytest.mark.parametrize(
    "reached",
    [*(pytest.param(each, marks=pytest.mark.soak) for each in ("running", "building")), "tracing", "epoch"],
)
def test_a_cancelled_training_ends_and_the_next_one_runs(workers, reached):
    until(lambda: workers.idle())
    # Another architecture each time, so that it has to be built and traced.
    architecture = Architecture(lstm=(20 + len(reached),), timesteps=4)
    job = train(workers, "ada", Experiment(architecture=architecture, training=Training(epochs=100)))
    until(
        lambda: (
            job.state == reached
            or any(reached in (each.event, isinstance(each, Phase) and each.phase) for each in job.events)
        )
    )
    assert workers.cancel("ada", job.id)
    workers.cancel("ada", job.id)  # an impatient visitor
    view = workers.wait(job, 120)
    assert (view.state, view.message) == ("cancelled", "Cancelled.")
    after = train(workers, "ada", Experiment(architecture=architecture, training=Training(epochs=1)))
    result(workers, after)
    assert not workers.cancel("ada", after.id), "it has ended"
    assert after.state == "finished"


def test_a_training_goes_where_it_was_prepared():
    assert PrepareJob(experiment=EXPERIMENT).affinity == TrainJob(experiment=EXPERIMENT).affinity


@pytest.mark.takes("a training traces its graphs")
def test_a_prepared_training_traces_nothing(idle_workers):
    services, ended = services_of_this_process(), []
    idle_workers.on_end(ended.append)
    try:
        assert services.runs.prepare(EXPERIMENT, ADA)
        until(lambda: bool(ended) or any(worker.speculative for worker in idle_workers.workers()))
        assert activities(ADA) == []
        until(lambda: bool(ended))
    finally:
        idle_workers.on_end(lambda job: None)
    assert [(job.kind, job.state) for job in ended] == [("prepare", "finished")]
    assert activities(ADA) == []
    assert services.runs.latest(ADA) is None
    assert result(idle_workers, train(idle_workers, ADA)).timings.traced == 0


@pytest.mark.soak
@pytest.mark.takes("the worker loads Keras again, and a training traces its graphs")
def test_a_prepared_training_has_the_bits_of_a_cold_one(idle_workers):
    """`tests/backend/worker/test_train.py` has it in one process."""
    assert services_of_this_process().runs.prepare(EXPERIMENT, ADA)
    prepared = result(idle_workers, train(idle_workers, ADA))
    (before,) = idle_workers.workers()
    os.kill(before.pid, signal.SIGKILL)
    until(lambda: any(worker.warm and worker.pid != before.pid for worker in idle_workers.workers()))
    cold = result(idle_workers, train(idle_workers, ADA))
    assert cold.timings.traced > 0, "the new worker has compiled nothing"
    assert bits(prepared) == bits(cold)


@pytest.mark.soak
@pytest.mark.takes("a worker trains a long run twice")
def test_a_training_that_gave_way_to_a_short_one_has_the_same_bits(workers, monkeypatch):
    until(lambda: workers.idle())
    monkeypatch.setattr(displacement, "PATIENCE", 0.0)
    monkeypatch.setattr(displacement, "NEARLY_DONE", 0.0)
    for visitor, network in (("m1", "192.0.2.1"), ("m2", "192.0.2.1"), ("ada", "198.51.100.7")):
        workers.set_network(visitor, network)
    long, other = (train(workers, visitor, LONG) for visitor in ("m1", "m2"))
    until(lambda: bool(epochs_of(long.events)))
    mine = train(workers, "ada")
    until(lambda: long.state == "queued")
    assert long.events == (), "it begins again"
    result(workers, mine)
    assert not long.ended
    assert workers.cancel("m2", other.id)
    run, again = result(workers, long), result(workers, train(workers, "bob", LONG))
    assert bits(run) == bits(again)
    assert len(epochs_of(long.events)) == len(again.epochs), "the epochs before the interruption are gone"
