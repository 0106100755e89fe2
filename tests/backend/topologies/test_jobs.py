"""Whose training of a topology it is, when anybody's may be shown to all."""

import pytest

from backend.topologies import TOPOLOGIES

MIXED = TOPOLOGIES["mixed_heads"]


@pytest.fixture
def server(serve):
    """Real jobs of a server whose workers are not there yet; a test plays the worker."""
    return serve(queue_per_visitor=1)


@pytest.fixture
def jobs(server):
    return server.jobs


@pytest.fixture
def topologies(server):
    return server.topologies


def test_all_see_it_train_and_what_came_of_it(jobs, topologies):
    job = topologies.train(MIXED, 0.9, "ada")
    assert topologies.find(MIXED, 0.9, "bob") is job
    assert (topologies.awaits(MIXED, 0.9, "ada"), topologies.awaits(MIXED, 0.9, "bob")) == (True, False)
    jobs.registry.end(jobs.registry.take(), "finished", result="the scores")
    assert topologies.find(MIXED, 0.9, "bob") is job
    assert not topologies.awaits(MIXED, 0.9, "ada")


def test_who_has_joined_goes_on_where_the_first_cancels(jobs, topologies):
    job = topologies.train(MIXED, 0.9, "ada")
    assert topologies.train(MIXED, 0.9, "bob") is job
    topologies.release(MIXED, 0.9, "ada")
    assert job.state == "queued"
    assert (topologies.awaits(MIXED, 0.9, "ada"), topologies.awaits(MIXED, 0.9, "bob")) == (False, True)
    topologies.release(MIXED, 0.9, "bob")
    assert job.state == "cancelled"


@pytest.mark.parametrize("state", ["refused", "cancelled", "lost", "failed"])
def test_what_came_to_nothing_is_only_theirs_who_asked(jobs, topologies, state):
    if state == "refused":
        jobs.submit("ada", "topology", {})
    job = topologies.train(MIXED, 0.9, "ada")
    jobs.registry.end(job, state, message="Why.")
    assert topologies.find(MIXED, 0.9, "ada") is job
    assert topologies.find(MIXED, 0.9, "bob") is None
