"""What a visitor waits for: their own jobs and shared ones, until they cancel it or have seen its end."""

from __future__ import annotations

from typing import Any

import pytest

from backend import activity
from backend.activity import activities
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.experiment import usual
from backend.experiment.sources import usual_data
from backend.experiment.training import Training
from backend.questions.speed.job import SpeedJob
from backend.questions.speed.sweep import Sweep
from backend.services import Services
from backend.training.job import EpochEvent
from backend.training.result import Epoch, Losses
from tests.builders.own_tables import found, table

ADA, BOB = "a" * 32, "b" * 32
EXPERIMENT = Experiment(training=Training(epochs=4))
LOSSES = Losses(total=1.0, heads={})


@pytest.fixture
def services(serve: Any) -> Services:
    """A server without workers: the tests take and end its jobs."""
    started: Services = serve()
    return started


def titles(visitor: str) -> list[str]:
    return [each.title for each in activities(visitor)]


def test_a_training_that_two_share_is_an_activity_of_both_until_each_leaves(services: Services) -> None:
    services.runs.train(EXPERIMENT, ADA)
    services.runs.train(EXPERIMENT, BOB)
    (his,) = activities(BOB)
    activity.cancel(his, BOB)
    assert activities(BOB) == []
    (hers,) = activities(ADA)
    assert hers.waiting is not None
    assert hers.waiting.state == "queued", "the training of the other goes on"
    activity.cancel(hers, ADA)
    assert hers.jobs[0].state == "cancelled"
    assert activities(ADA) == []
    assert services.runs.latest(ADA) is not None, "the page still knows the run, as cancelled"


def test_a_training_tells_how_far_it_is_and_stays_until_its_end_is_seen(services: Services) -> None:
    run = services.runs.train(EXPERIMENT, ADA)
    assert services.jobs.registry.take(1) is run.job
    (now,) = activities(ADA)
    assert (now.waiting, now.share, now.seconds_left) == (None, 0.0, None)
    for number, seconds in ((1, 1.0), (2, 3.0), (3, 5.0)):
        epoch = Epoch(seed=0, epoch=number, left=LOSSES, right=LOSSES, seconds=seconds)
        services.jobs.registry.report(run.job.id, EpochEvent(data=epoch))
    (now,) = activities(ADA)
    assert (now.share, now.seconds_left) == (0.75, 2.0)
    services.jobs.registry.end(run.job, "finished", result="a run")
    (now,) = activities(ADA)
    assert now.finished
    assert now.unfinished is None
    activity.dismiss(now, ADA)
    assert activities(ADA) == []


def test_nobody_is_led_to_the_file_of_another_visitor_whose_job_they_share(
    services: Services,
) -> None:
    with found(table()) as source:
        hers = usual(source)
        hers = hers.model_copy(update={"architecture": hers.architecture.model_copy(update={"lstm": (32,)})})
        own = Experiment(
            architecture=Architecture(
                timesteps=hers.architecture.timesteps, features=hers.architecture.features, lstm=(32,)
            )
        )
        first = services.shared.request(SpeedJob.on(hers, Sweep()), ADA)
        assert services.shared.request(SpeedJob.on(own, Sweep()), BOB) is first
        (his,) = activities(BOB)
        needed = his.needed_experiment(Experiment(architecture=Architecture(lstm=(16,))))
        assert needed == own
        (her_own,) = activities(ADA)
        assert her_own.needed_experiment(Experiment()).architecture.own is not None


def test_a_measurement_of_another_visitor_goes_on_without_whoever_joined_it_with_a_file_that_is_deleted(
    services: Services,
) -> None:
    kept = table()
    services.own_tables.keep(kept, ADA)
    hers = usual(usual_data(kept).source)
    shared = {"timesteps": hers.architecture.timesteps, "features": hers.architecture.features}
    job = services.shared.request(SpeedJob.on(Experiment(architecture=Architecture(**shared)), Sweep()), BOB)
    assert services.shared.request(SpeedJob.on(hers, Sweep()), ADA) is job
    assert services.delete_table(kept.id, ADA)
    assert activities(ADA) == []
    assert titles(BOB) == ["Speed"]
    assert job.state == "queued"
