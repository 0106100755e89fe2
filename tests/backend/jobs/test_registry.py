"""The registry: states of jobs, eviction, estimated waits, abandoned jobs."""

from __future__ import annotations

import random
from threading import Thread
from typing import Literal

import pytest

from backend.jobs.compression import Compressed
from backend.jobs.job import Job
from backend.jobs.messages import Event, Payload
from backend.jobs.registry import JobRegistry
from tests.builders.simulated import stopped_clock

WORKERS = 4


@pytest.fixture
def clock(monkeypatch):
    return stopped_clock(monkeypatch)


@pytest.fixture
def registry():
    return JobRegistry(keep_in_all=100)


class Epoch(Event):
    event: Literal["epoch"] = "epoch"
    epoch: int = 0
    losses: tuple[float, ...] = ()


def put(registry, visitor, kind="train"):
    registry.add(job := Job(visitor, kind, Payload()))
    return job


def begun(registry, *visitors):
    """The running jobs of these visitors."""
    jobs = [put(registry, visitor) for visitor in visitors]
    assert [registry.take(WORKERS) for _ in jobs] == jobs
    return jobs


def done(registry, visitor, kind="train", events=(), state="finished", **result):
    """A job that has run, reported and ended."""
    job = put(registry, visitor, kind)
    registry.take(WORKERS)
    for event in events:
        registry.report(job.id, event)
    registry.end(job, state, **result)
    return job


def test_a_job_ends_once(registry):
    job = put(registry, "ada")
    registry.take(WORKERS)
    registry.end(job, "cancelled")
    registry.end(job, "finished", result=7)
    registry.report(job.id, Epoch(epoch=2))
    assert (job.state, job.result, job.events) == ("cancelled", None, ())


def test_ended_jobs_are_bounded_and_the_oldest_are_evicted():
    registry = JobRegistry(keep_in_all=5)
    running = put(registry, "ada")
    registry.take(WORKERS)
    ended = [done(registry, visitor) for visitor in ["ada", "ada", "ada", "bob", "bob", "cy", "cy", "dan"]]
    kept = [job for job in ended if registry.get(job.visitor, job.id)]
    assert kept == ended[-5:]
    assert registry.get("ada", running.id) is running, "a running job is never evicted"


def test_a_job_that_never_started_is_requeued_three_times(registry):
    first, second = put(registry, "ada"), put(registry, "bob")
    for _ in range(3):
        assert registry.take(WORKERS) is first
        assert registry.requeue(first)
        assert (first.state, first.position, second.position) == ("queued", 1, 2)
    assert registry.take(WORKERS) is first
    assert not registry.requeue(first), "it may be the job itself that ends the workers"
    assert first.state == "running"


def test_every_waiting_thread_returns_when_the_server_stops(registry):
    jobs = [put(registry, visitor) for visitor in "abc"]
    registry.take(WORKERS)
    waiters = [Thread(target=registry.wait, args=(job, None)) for job in jobs]
    for waiter in waiters:
        waiter.start()
    registry.end_all("The server was stopped.")
    for waiter in waiters:
        waiter.join(30)
        assert not waiter.is_alive()
    assert {(job.state, job.message) for job in jobs} == {("lost", "The server was stopped.")}


def test_eviction_removes_a_large_result_also_from_a_job_that_a_page_holds_and_leaves_its_events():
    registry = JobRegistry(keep_in_all=1)
    many = [Epoch(losses=tuple(random.random() for _ in range(150_000)))]
    wordy = done(registry, "ada", events=many, result="weights")
    large = done(registry, "ada", events=[Epoch(epoch=1)], result=Compressed.of(random.randbytes(2**21)))
    last = done(registry, "ada", result="weights")
    assert wordy.view().size > 2**20, "its events count"
    assert (wordy.result, large.result, last.result) == ("weights", None, "weights")
    assert (large.state, large.events) == ("finished", (Epoch(epoch=1),))
    assert large.view().size < 1000, "an evicted result does not count"


def test_the_estimated_wait_follows_from_how_long_such_jobs_took(clock, registry):
    (job,) = begun(registry, "ada")
    clock(20)
    registry.end(job, "finished")
    running, *waiting = [put(registry, visitor) for visitor in "abcd"]
    assert registry.take(WORKERS) is running
    waits = [registry.expected_wait(job.id, workers=2) for job in waiting]
    assert waits == pytest.approx([0, 20, 20], abs=1), "one worker is free, then both take 20 s each"
    assert registry.expected_wait(running.id, workers=2) == 0


ABANDONED = "Nobody looked."


def test_the_job_that_was_abandoned_first_is_cancelled_for_a_waiting_visitor(clock, registry):
    older, old, watched = begun(registry, "ada", "bob", "cy")
    ahead, waits, behind = put(registry, "dan"), put(registry, "eve"), put(registry, "fay")
    clock(200)
    old.look()
    clock(200)
    for job in (watched, waits):
        job.look()
    assert registry.cancel_abandoned(300, ABANDONED) == [older], "bob's was looked at 200 s ago"
    assert (older.view().cancelling, older.stop_reason) == (True, ("abandoned", ABANDONED))
    assert (ahead.state, ahead.message) == ("abandoned", ABANDONED)
    assert (behind.state, waits.position) == ("abandoned", 1)
    clock(200)
    waits.look()
    assert registry.cancel_abandoned(300, ABANDONED) == [], "one worker is about to be free, and one visitor waits"
    assert not old.view().cancelling


LONG, SHORT = 500.0, 3.0


def submit(registry, visitor, network, seconds):
    registry.add(job := Job(visitor, "train", Payload(), network=network, expected=seconds))
    return job


@pytest.mark.parametrize("workers", [2, 4])
def test_the_long_jobs_of_a_network_leave_one_of_several_workers_to_others(registry, workers):
    flood = [submit(registry, f"m{number}", "bad", LONG) for number in range(100)]
    most = workers - 1
    assert [registry.take(workers) for _ in flood[: most + 1]] == [*flood[:most], None]
    mine, short = submit(registry, "ada", "home", SHORT), submit(registry, "m", "bad", SHORT)
    assert registry.expected_wait(mine.id, workers) == pytest.approx(0, abs=1)
    assert registry.expected_wait(flood[most].id, workers) == pytest.approx(LONG, abs=1)
    assert {registry.take(workers), registry.take(workers)} == {mine, short}
    registry.end(flood[0], "finished")
    assert registry.take(workers).expected == LONG


def test_long_jobs_of_visitors_whose_network_is_unknown_have_all_workers(registry):
    jobs = [submit(registry, visitor, "", LONG) for visitor in "abc"]
    assert [registry.take(3) for _ in jobs] == jobs


def test_a_visitor_cannot_get_the_job_of_another(registry):
    job = put(registry, "ada")
    assert registry.get("bob", job.id) is None
    assert registry.get("ada", job.id) is job
