"""One answer for all who ask, and what each of them sees of it."""

import pytest

from backend.config.settings import Settings
from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from backend.jobs import JobManager, cache
from backend.jobs.cache import JobCache
from backend.network.inspection import Inspections
from backend.worker.kinds import KINDS

FUNCTIONAL = STYLES["functional"]


@pytest.fixture
def jobs():
    """A job manager whose workers are not there yet; a test plays the worker."""
    return JobManager(Settings(workers=1), KINDS)


def ended(jobs, state):
    job = jobs.registry.take()
    jobs.registry.end(job, state, result="an answer")
    return job


@pytest.mark.parametrize("seconds", [0, 30])
def test_what_failed_is_asked_anew_after_the_time_given(jobs, monkeypatch, seconds):
    now = cache.time.time()
    monkeypatch.setattr(cache.time, "time", lambda: now)
    asked = JobCache(jobs, "describe", 8, retry_after=seconds)
    first = asked.request("key", {}, "ada")
    ended(jobs, "failed")
    assert (asked.request("key", {}, "bob") is first) == (seconds > 0)
    now += seconds
    assert asked.request("key", {}, "bob") is not first


def test_who_asks_for_what_is_known_is_not_written_down(jobs):
    asked = JobCache(jobs, "describe", 8)
    asked.request("key", {}, "ada")
    ended(jobs, "finished")
    for n in range(100):
        asked.request("key", {}, f"visitor {n}")
    assert list(asked._entries["key"].waits) == ["ada"]


def test_a_model_that_nobody_looks_at_any_more_is_not_built(jobs):
    inspections = Inspections(jobs, size=8)
    models = [Architecture(lstm=(units,)) for units in (4, 5, 6)]
    first, second, third = (inspections.inspect(model, FUNCTIONAL, "ada") for model in models)
    assert inspections.inspect(models[2], FUNCTIONAL, "bob") is third
    assert jobs.registry.take() is first
    for model in models:
        inspections.release(model, FUNCTIONAL, "ada")
    assert not first.view().cancelling, "it is nearly done"
    assert second.state == "cancelled"
    assert third.state == "queued", "bob looks at it"
