"""Jobs that visitors share: computed once, each visitor's to wait for and to leave, and no failure of another's."""

import time

import pytest

from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from backend.questions.compare.job import InspectJob
from backend.questions.topologies import TOPOLOGIES
from backend.questions.topologies.base import Relatedness
from backend.questions.topologies.job import TopologyJob

MIXED = TopologyJob.of(TOPOLOGIES["mixed_heads"], Relatedness(rho=0.9))
FUNCTIONAL = STYLES["functional"]


@pytest.fixture
def server(serve):
    """Real jobs on a server without workers; a test acts as the worker."""
    return serve(queue_per_visitor=1)


@pytest.fixture
def jobs(server):
    return server.jobs


@pytest.fixture
def shared(server):
    return server.shared


def test_what_decides_no_result_makes_no_other_job(shared):
    architecture = Architecture()
    labelled = Architecture(heads=tuple(head.model_copy(update={"label": "Wind"}) for head in architecture.heads))
    job = shared.request(InspectJob.of(labelled, FUNCTIONAL), "ada")
    assert "Wind" not in str(job.payload)
    assert shared.request(InspectJob.of(architecture, FUNCTIONAL), "bob") is job
    assert shared.find(InspectJob.of(architecture, STYLES["subclassing"]), "ada") is None
    assert shared.find(InspectJob.of(Architecture(lstm=(4,)), FUNCTIONAL), "ada") is None


def test_a_job_goes_on_for_a_visitor_who_joined_it_after_the_first_one_leaves(shared):
    job = shared.request(MIXED, "ada")
    assert shared.request(MIXED, "bob") is job
    shared.release(MIXED, "ada")
    assert job.state == "queued"
    assert (shared.awaits(MIXED, "ada"), shared.awaits(MIXED, "bob")) == (False, True)
    shared.release(MIXED, "bob")
    assert job.state == "cancelled"


@pytest.mark.parametrize("state", ["refused", "cancelled", "lost", "failed"])
def test_a_failed_job_is_visible_only_to_the_visitor_who_requested_it(jobs, shared, state):
    if state == "refused":
        jobs.submit("ada", MIXED.kind, MIXED)
    job = shared.request(MIXED, "ada")
    jobs.registry.end(job, state, message="Why.")
    assert shared.find(MIXED, "ada") is job
    assert shared.find(MIXED, "bob") is None


def test_a_job_that_is_repeated_replaces_the_result_unless_it_fails(jobs, shared):
    first = shared.request(MIXED, "ada")
    jobs.registry.end(jobs.registry.take(1), "finished", result="the scores")
    assert shared.request(MIXED, "bob") is first
    again = shared.request(MIXED, "bob", again=True)
    assert again is not first
    assert shared.find(MIXED, "ada") is again
    shared.release(MIXED, "bob")
    assert shared.find(MIXED, "bob") is again
    assert shared.find(MIXED, "ada") is first
    assert shared.request(MIXED, "bob") is first


def test_a_page_requests_what_nobody_has_and_what_failed_only_again(jobs, shared):
    job = shared.find_or_request(MIXED, "ada")
    assert shared.find_or_request(MIXED, "bob") is job
    assert jobs.registry.followed_jobs("ada", (MIXED.kind,)) == []
    jobs.registry.end(jobs.registry.take(1), "failed", message="Why.")
    assert shared.find_or_request(MIXED, "ada") is job
    again = shared.find_or_request(MIXED, "ada", again=True)
    assert again is not job
    jobs.registry.end(jobs.registry.take(1), "finished", result="the scores")
    assert shared.find_or_request(MIXED, "ada", again=True) is again


def test_a_failed_job_is_submitted_again_only_some_seconds_later(jobs, shared, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    inspection = InspectJob.of(Architecture(), FUNCTIONAL)
    first = shared.request(inspection, "ada")
    jobs.registry.end(jobs.registry.take(1), "failed")
    assert shared.request(inspection, "bob") is first
    now += InspectJob.retry_after
    assert shared.request(inspection, "bob") is not first


def test_unwanted_jobs_are_forgotten_and_the_others_stay(jobs, shared):
    requests = [InspectJob.of(Architecture(lstm=(units,)), FUNCTIONAL) for units in (4, 8, 12, 16)]
    kept, unwanted, running, waiting = (shared.request(request, f"visitor {n}") for n, request in enumerate(requests))
    for _ in range(2):
        jobs.registry.end(jobs.registry.take(1), "finished", result="an answer")
    jobs.registry.take(1)
    shared.discard(lambda job: job is not kept)
    assert shared.find(requests[0], "visitor 0") is kept
    assert shared.find(requests[1], "visitor 1") is None
    assert shared.request(requests[1], "bob") is not unwanted
    assert running.view().cancelling, "its result is unwanted, too"
    assert waiting.state == "cancelled"
