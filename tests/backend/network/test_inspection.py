"""What Keras says is asked once for all visitors, of a real worker."""

import pytest

from backend.config.settings import Settings
from backend.experiment.architecture import Architecture, Head
from backend.experiment.styles import STYLES
from backend.jobs import JobManager, cache
from backend.network import inspection
from backend.network.layers import layers

pytestmark = pytest.mark.jobs

FUNCTIONAL = STYLES["functional"]


@pytest.fixture(scope="module")
def started():
    jobs = JobManager(Settings(workers=1))
    jobs.start()
    yield jobs
    jobs.stop()


@pytest.fixture(autouse=True)
def jobs(started, monkeypatch):
    """A memory of its own for each test, on one worker for all."""
    monkeypatch.setattr(cache, "jobs", started)
    monkeypatch.setattr(inspection, "_models", cache.JobCache("describe", 256, urgent=True))
    return started


def test_what_a_visitor_asked_is_known_to_all(jobs):
    architecture = Architecture()
    labelled = Architecture(heads=tuple(h.model_copy(update={"label": "Wind"}) for h in architecture.heads))
    job = inspection.ask(labelled, FUNCTIONAL, "one")
    assert "Wind" not in str(job.payload)
    assert inspection.ask(architecture, FUNCTIONAL, "two") is job
    assert inspection.ask(architecture, STYLES["subclassing"], "one") is not job
    assert inspection.ask(Architecture(lstm=(4,)), FUNCTIONAL, "one") is not job
    view = jobs.wait(job, 120)
    assert view.state == "finished"
    assert view.result["layers"] == {row.name: row.parameters for row in layers(architecture, FUNCTIONAL)}
    assert inspection.ask(architecture, FUNCTIONAL, "three") is job


def test_what_was_cancelled_is_asked_again(jobs):
    ahead = [inspection.ask(Architecture(lstm=(units,)), FUNCTIONAL, "one") for units in (5, 6, 7)]
    job = ahead[-1]
    jobs.cancel("one", job.id)
    assert jobs.wait(job, 120).state == "cancelled"
    again = inspection.ask(Architecture(lstm=(7,)), FUNCTIONAL, "two")
    assert again is not job
    assert jobs.wait(again, 120).state == "finished"


def test_the_oldest_is_forgotten_and_what_is_looked_at_is_not(jobs, monkeypatch):
    monkeypatch.setattr(inspection, "_models", cache.JobCache("describe", 2, urgent=True))
    looked_at, oldest, new = (Architecture(heads=(Head(name=name),)) for name in "abc")
    first, second = (inspection.ask(architecture, FUNCTIONAL, "one") for architecture in (looked_at, oldest))
    for job in (first, second):  # what has not ended is never forgotten
        assert jobs.wait(job, 120).state == "finished"
    assert inspection.ask(looked_at, FUNCTIONAL, "one") is first
    inspection.ask(new, FUNCTIONAL, "one")
    assert inspection.ask(looked_at, FUNCTIONAL, "one") is first
    assert inspection.ask(oldest, FUNCTIONAL, "one") is not second
