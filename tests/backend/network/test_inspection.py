"""A model is inspected by a real worker, again after a cancel, and the report that was used last stays."""

import pytest

from backend.experiment.architecture import Architecture, Head
from backend.experiment.styles import STYLES
from backend.jobs.shared import SharedJobs
from backend.network.job import InspectJob
from backend.network.parameters import layers

pytestmark = pytest.mark.jobs

FUNCTIONAL = STYLES["functional"]


@pytest.fixture
def jobs(workers):
    return workers


@pytest.fixture
def shared(jobs):
    """A cache of its own for each test, on one worker for all."""
    return SharedJobs(jobs)


def test_the_report_is_that_of_keras(jobs, shared):
    architecture = Architecture()
    view = jobs.wait(shared.request(InspectJob.of(architecture, FUNCTIONAL), "one"), 120)
    assert view.state == "finished"
    assert view.result.layers == {row.name: row.parameters for row in layers(architecture, FUNCTIONAL)}


def test_a_cancelled_inspection_is_requested_again(jobs, shared):
    large = Architecture(lstm=(256, 256, 256), timesteps=64)  # so that the others wait until one is cancelled
    first = shared.request(InspectJob.of(large, FUNCTIONAL), "one")
    asked = [InspectJob.of(Architecture(lstm=(units,)), FUNCTIONAL) for units in range(5, 25)]
    *before, job = [shared.request(payload, "one") for payload in asked]
    jobs.cancel("one", job.id)
    assert jobs.wait(job, 120).state == "cancelled"
    again = shared.request(asked[-1], "two")
    assert again is not job
    for other in (first, *before):
        jobs.cancel("one", other.id)
    assert jobs.wait(again, 240).state == "finished"


def test_the_oldest_inspection_is_evicted_and_not_one_in_use(jobs, shared, monkeypatch):
    monkeypatch.setattr(InspectJob, "most_kept", 2)
    looked_at, oldest, new = (InspectJob.of(Architecture(heads=(Head(name=name),)), FUNCTIONAL) for name in "abc")
    first, second = (shared.request(payload, "one") for payload in (looked_at, oldest))
    for job in (first, second):  # what has not ended is never forgotten
        assert jobs.wait(job, 120).state == "finished"
    assert shared.request(looked_at, "one") is first
    shared.request(new, "one")
    assert shared.request(looked_at, "one") is first
    assert shared.request(oldest, "one") is not second
