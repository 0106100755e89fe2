"""Trainings of a topology are shared between visitors; failed ones are not."""

import pytest

from backend.topologies import TOPOLOGIES
from backend.topologies.job import TopologyJob

MIXED = TOPOLOGIES["mixed_heads"]


@pytest.fixture
def server(serve):
    """Real jobs on a server without workers; a test acts as the worker."""
    return serve(queue_per_visitor=1)


@pytest.fixture
def jobs(server):
    return server.jobs


@pytest.fixture
def topologies(server):
    return server.topologies


def test_all_visitors_see_a_training_and_its_result(jobs, topologies):
    job = topologies.train(MIXED, 0.9, "ada")
    assert topologies.find(MIXED, 0.9, "bob") is job
    assert (topologies.awaits(MIXED, 0.9, "ada"), topologies.awaits(MIXED, 0.9, "bob")) == (True, False)
    jobs.registry.end(jobs.registry.take(), "finished", result="the scores")
    assert topologies.find(MIXED, 0.9, "bob") is job
    assert not topologies.awaits(MIXED, 0.9, "ada")


def test_a_training_goes_on_for_a_visitor_who_joined_it_after_the_first_one_cancels(jobs, topologies):
    job = topologies.train(MIXED, 0.9, "ada")
    assert topologies.train(MIXED, 0.9, "bob") is job
    topologies.release(MIXED, 0.9, "ada")
    assert job.state == "queued"
    assert (topologies.awaits(MIXED, 0.9, "ada"), topologies.awaits(MIXED, 0.9, "bob")) == (False, True)
    topologies.release(MIXED, 0.9, "bob")
    assert job.state == "cancelled"


@pytest.mark.parametrize("state", ["refused", "cancelled", "lost", "failed"])
def test_a_failed_training_is_visible_only_to_the_visitor_who_requested_it(jobs, topologies, state):
    if state == "refused":
        jobs.submit("ada", "topology", TopologyJob(topology=MIXED.key))
    job = topologies.train(MIXED, 0.9, "ada")
    jobs.registry.end(job, state, message="Why.")
    assert topologies.find(MIXED, 0.9, "ada") is job
    assert topologies.find(MIXED, 0.9, "bob") is None


def test_a_training_that_is_repeated_replaces_the_result_unless_it_fails(jobs, topologies):
    first = topologies.train(MIXED, 0.9, "ada")
    jobs.registry.end(jobs.registry.take(), "finished", result="the scores")
    assert topologies.train(MIXED, 0.9, "bob") is first
    again = topologies.train(MIXED, 0.9, "bob", again=True)
    assert again is not first
    assert topologies.find(MIXED, 0.9, "ada") is again
    topologies.release(MIXED, 0.9, "bob")
    assert topologies.find(MIXED, 0.9, "bob") is again
    assert topologies.find(MIXED, 0.9, "ada") is first
    assert topologies.train(MIXED, 0.9, "bob") is first
