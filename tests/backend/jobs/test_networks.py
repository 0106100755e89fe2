"""Many visitors of one network, with a long training each, and a visitor of another one: real trainings."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from backend import limits
from backend.config.settings import Settings
from backend.experiment import Experiment
from backend.experiment.dataset import Sequences
from backend.experiment.training import Training
from backend.jobs import Job, JobManager, displacement
from backend.training.duration import DurationEstimator
from backend.training.job import TrainJob, epochs_of
from backend.training.result import Run
from backend.worker.kinds import JOB_KINDS
from harness.local import until

pytestmark = pytest.mark.jobs
TRAINS = True
#: Long enough to be displaced, and short enough for a test to wait for its end.
LONG = Training(epochs=100, batch=8)
SEQUENCES = Sequences(samples=640)


def train(jobs: JobManager, visitor: str, training: Training) -> Job:
    return jobs.submit(visitor, "train", TrainJob(experiment=Experiment(sequences=SEQUENCES, training=training)))


@pytest.mark.soak
@pytest.mark.takes("a worker trains a long run twice")
def test_a_short_training_goes_before_the_long_ones_of_a_crowd_and_the_displaced_one_has_the_same_bits(
    workers: JobManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = workers
    until(lambda: jobs.idle())
    monkeypatch.setattr(displacement, "PATIENCE", 0.0)
    monkeypatch.setattr(displacement, "NEARLY_DONE", 0.0)
    crowd = [f"m{number}" for number in range(3)]
    for visitor in crowd:
        jobs.set_network(visitor, "192.0.2.1")
    jobs.set_network("ada", "198.51.100.7")
    flood = [train(jobs, visitor, LONG.model_copy(update={"seed": seed})) for seed, visitor in enumerate(crowd)]
    until(lambda: bool(epochs_of(flood[0].events)))

    mine = train(jobs, "ada", Training(epochs=2))
    until(lambda: flood[0].state == "queued")
    assert flood[0].message.startswith("Interrupted after ")
    assert flood[0].events == (), "it begins again"
    assert jobs.wait(mine, 300).state == "finished"
    assert not any(job.ended for job in flood)

    for job in flood[1:]:
        assert jobs.cancel(job.visitor, job.id)
    view = jobs.wait(flood[0], 300)
    assert (view.state, view.message) == ("finished", "")
    again = jobs.wait(train(jobs, "bob", LONG), 300).result
    assert bits(view.result) == bits(again)
    assert len(epochs_of(view.events)) == len(again.epochs), "the epochs before the interruption are gone"


def bits(run: Run) -> tuple[object, ...]:
    weights = {side: {name: [each.tobytes() for each in found] for name, found in layers.items()}
               for side, layers in run.weights.items()}  # fmt: skip
    return [(epoch.left, epoch.right) for epoch in run.epochs].__repr__(), weights


def test_a_network_cannot_fill_the_queue(tmp_path: Path) -> None:
    jobs = JobManager(Settings(workers=1, state_dir=tmp_path, queue_limit=20), JOB_KINDS)
    for number in range(20):
        jobs.set_network(f"m{number}", "192.0.2.1")
    jobs.set_network("ada", "198.51.100.7")
    states = [train(jobs, f"m{number}", Training(seed=number)) for number in range(20)]
    assert [job.state for job in states] == ["queued"] * 18 + ["refused"] * 2
    assert states[-1].message.startswith("Your network has 18 jobs in the queue, the most that one network may have.")
    assert not jobs.full
    assert train(jobs, "ada", Training()).state == "queued"


def test_what_is_expected_to_exceed_the_limit_by_far_is_refused_with_what_to_lower(tmp_path: Path) -> None:
    durations = DurationEstimator()
    too_large = partial(limits.too_large, durations=durations)
    experiment = Experiment(training=Training(epochs=100, seeds=10, batch=8))
    seconds = durations.seconds(experiment)
    for limit, state in ((seconds / 1.9, "queued"), (seconds / 2.1, "refused")):
        jobs = JobManager(Settings(workers=1, seconds_per_job=limit), JOB_KINDS, too_large)
        job = jobs.submit("ada", "train", TrainJob(experiment=experiment))
        assert job.state == state
    assert "runs here are stopped after" in job.message
    assert "epochs fit in this time" in job.message
