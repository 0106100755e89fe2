"""The words on where a job stands."""

from backend.jobs import JobView
from components.live.job_status import building, waiting


def view(state, **changes):
    return JobView("id", "a" * 32, "speed", 0.0, state=state, **changes)


def test_a_queued_job_of_a_server_without_workers_says_why_it_waits(serve):
    serve()
    assert waiting(view("queued", position=3)).startswith("The workers are warming up")


def test_a_running_build_says_that_keras_builds():
    assert building(view("running")) == "Building in Keras …"
