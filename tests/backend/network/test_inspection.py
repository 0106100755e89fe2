"""Each model is inspected once for all visitors, by a real worker."""

import pytest

from backend.config.settings import Settings
from backend.experiment.architecture import Architecture, Head
from backend.experiment.styles import STYLES
from backend.jobs import JobManager
from backend.network.inspection import Inspections
from backend.network.parameters import layers
from backend.worker.kinds import JOB_KINDS

pytestmark = pytest.mark.jobs

FUNCTIONAL = STYLES["functional"]


@pytest.fixture(scope="module")
def started():
    jobs = JobManager(Settings(workers=1), JOB_KINDS)
    jobs.start()
    yield jobs
    jobs.stop()


@pytest.fixture
def jobs(started):
    return started


@pytest.fixture
def inspections(jobs):
    """A cache of its own for each test, on one worker for all."""
    return Inspections(jobs)


def test_an_inspection_is_shared_by_all_visitors(jobs, inspections):
    architecture = Architecture()
    labelled = Architecture(heads=tuple(h.model_copy(update={"label": "Wind"}) for h in architecture.heads))
    job = inspections.inspect(labelled, FUNCTIONAL, "one")
    assert "Wind" not in str(job.payload)
    assert inspections.inspect(architecture, FUNCTIONAL, "two") is job
    assert inspections.inspect(architecture, STYLES["subclassing"], "one") is not job
    assert inspections.inspect(Architecture(lstm=(4,)), FUNCTIONAL, "one") is not job
    view = jobs.wait(job, 120)
    assert view.state == "finished"
    assert view.result.layers == {row.name: row.parameters for row in layers(architecture, FUNCTIONAL)}
    assert inspections.inspect(architecture, FUNCTIONAL, "three") is job


def test_a_cancelled_inspection_is_requested_again(jobs, inspections):
    ahead = [inspections.inspect(Architecture(lstm=(units,)), FUNCTIONAL, "one") for units in (5, 6, 7)]
    job = ahead[-1]
    jobs.cancel("one", job.id)
    assert jobs.wait(job, 120).state == "cancelled"
    again = inspections.inspect(Architecture(lstm=(7,)), FUNCTIONAL, "two")
    assert again is not job
    assert jobs.wait(again, 120).state == "finished"


def test_the_oldest_inspection_is_evicted_and_not_one_in_use(jobs):
    inspections = Inspections(jobs, size=2)
    looked_at, oldest, new = (Architecture(heads=(Head(name=name),)) for name in "abc")
    first, second = (inspections.inspect(architecture, FUNCTIONAL, "one") for architecture in (looked_at, oldest))
    for job in (first, second):  # what has not ended is never forgotten
        assert jobs.wait(job, 120).state == "finished"
    assert inspections.inspect(looked_at, FUNCTIONAL, "one") is first
    inspections.inspect(new, FUNCTIONAL, "one")
    assert inspections.inspect(looked_at, FUNCTIONAL, "one") is first
    assert inspections.inspect(oldest, FUNCTIONAL, "one") is not second
