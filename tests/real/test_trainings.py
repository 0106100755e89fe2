"""Real trainings that are cancelled or prepared."""

import pytest

from backend.activity import activities
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.dataset import Sequences
from backend.experiment.training import Training
from backend.services import services as services_of_this_process
from backend.training.job import TrainJob, epochs_of
from harness.local import until

pytestmark = pytest.mark.jobs

#: A visitor of this file alone: the tests of a process share one server.
ADA = "whose training is prepared"
#: Little to trace, and no other test has it.
EXPERIMENT = Experiment(
    architecture=Architecture(lstm=(11,), timesteps=4), sequences=Sequences(samples=300), training=Training(epochs=2)
)


def train(jobs, visitor, experiment=EXPERIMENT):
    return jobs.submit(visitor, "train", TrainJob(experiment=experiment))


def result(jobs, job):
    view = jobs.wait(job, 300)
    assert (view.state, view.message) == ("finished", "")
    return view.result


def test_a_cancelled_training_ends_and_the_next_one_runs(workers):
    until(lambda: workers.idle())
    architecture = Architecture(lstm=(20,), timesteps=4)
    job = train(workers, "ada", Experiment(architecture=architecture, training=Training(epochs=100)))
    until(lambda: bool(epochs_of(job.events)))
    assert workers.cancel("ada", job.id)
    workers.cancel("ada", job.id)  # an impatient visitor
    view = workers.wait(job, 120)
    assert (view.state, view.message) == ("cancelled", "Cancelled.")
    after = train(workers, "ada", Experiment(architecture=architecture, training=Training(epochs=1)))
    result(workers, after)
    assert not workers.cancel("ada", after.id), "it has ended"
    assert after.state == "finished"


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
