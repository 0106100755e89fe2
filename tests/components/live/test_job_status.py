"""The words on where a job stands."""

from backend.experiment import Experiment
from backend.experiment.training import Training
from backend.jobs import JobManager, JobView, Status, displacement
from backend.training.job import TrainJob
from components.live.job_status import building_sentence, waiting_sentence


def view(state, **changes):
    return JobView("id", "a" * 32, "speed", 0.0, state=state, **changes)


def test_a_queued_job_of_a_server_without_workers_says_why_it_waits(serve):
    serve()
    assert waiting_sentence(view("queued", position=3)).startswith("The workers are warming up")


def test_both_visitors_read_what_happens_when_a_long_job_of_a_crowd_is_displaced(serve, monkeypatch):
    jobs = serve().jobs
    monkeypatch.setattr(JobManager, "status", Status("ready", "1 worker is ready."))
    for letter, network in zip("mnoa", ("192.0.2.1", "192.0.2.1", "192.0.2.1", "198.51.100.7"), strict=True):
        jobs.set_network(letter * 32, network)
    payloads = [Experiment(training=Training(epochs=100, seeds=10, seed=seed)) for seed in range(3)]
    long, *_ = (
        jobs.submit(letter * 32, "train", TrainJob(experiment=experiment))
        for letter, experiment in zip("mno", payloads, strict=True)
    )
    assert jobs.registry.take() is long
    mine = jobs.submit("a" * 32, "train", TrainJob(experiment=Experiment()))
    monkeypatch.setattr(displacement, "NEARLY_DONE", 0.0)
    assert waiting_sentence(mine.view()).endswith("expected to start in about 25 seconds"), (
        "not only after the long ones"
    )
    monkeypatch.setattr(displacement, "PATIENCE", 0.0)
    assert jobs.registry.displace(1) is long
    assert jobs.registry.put_back(long)
    assert waiting_sentence(long.view()).startswith(
        "Interrupted after 0 seconds, because your network has other jobs here and a visitor from another network was "
        "waiting. Your job will start again by itself. Waiting: place 4 in the queue, expected to start in about "
    )
    assert waiting_sentence(mine.view()).startswith(
        "Waiting: place 1 in the queue, expected to start in about 5 seconds"
    )


def test_a_running_build_says_that_keras_builds():
    assert building_sentence(view("running")) == "Building in Keras …"
