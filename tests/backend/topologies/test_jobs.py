"""Whose training of a topology it is, when anybody's may be shown to all."""

import pytest

from backend.config.settings import Settings
from backend.jobs import JobManager, cache
from backend.topologies import TOPOLOGIES
from backend.topologies import jobs as asked

MIXED = TOPOLOGIES["mixed_heads"]


@pytest.fixture
def jobs(monkeypatch):
    """Real jobs of a server whose workers are not there yet; a test plays the worker."""
    waiting = JobManager(Settings(workers=1, queue_per_visitor=1))
    monkeypatch.setattr(cache, "jobs", waiting)
    monkeypatch.setattr(asked, "_runs", cache.JobCache("topology", 8))
    return waiting


def test_all_see_it_train_and_what_came_of_it(jobs):
    job = asked.train(MIXED, 0.9, "ada")
    assert asked.trained(MIXED, 0.9, "bob") is job
    assert (asked.awaited(MIXED, 0.9, "ada"), asked.awaited(MIXED, 0.9, "bob")) == (True, False)
    jobs._registry.end(jobs._registry.take(), "finished", result="the scores")
    assert asked.trained(MIXED, 0.9, "bob") is job
    assert not asked.awaited(MIXED, 0.9, "ada")


def test_who_has_joined_goes_on_where_the_first_cancels(jobs):
    job = asked.train(MIXED, 0.9, "ada")
    assert asked.train(MIXED, 0.9, "bob") is job
    asked.leave(MIXED, 0.9, "ada")
    assert job.state == "queued"
    assert (asked.awaited(MIXED, 0.9, "ada"), asked.awaited(MIXED, 0.9, "bob")) == (False, True)
    asked.leave(MIXED, 0.9, "bob")
    assert job.state == "cancelled"


@pytest.mark.parametrize("state", ["refused", "cancelled", "lost", "failed"])
def test_what_came_to_nothing_is_only_theirs_who_asked(jobs, state):
    if state == "refused":
        jobs.submit("ada", "topology", {})
    job = asked.train(MIXED, 0.9, "ada")
    jobs._registry.end(job, state, message="Why.")
    assert asked.trained(MIXED, 0.9, "ada") is job
    assert asked.trained(MIXED, 0.9, "bob") is None
