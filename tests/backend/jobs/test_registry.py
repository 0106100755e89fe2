"""The registry: states of jobs, eviction, estimated waits, abandoned jobs."""

from __future__ import annotations

import random
import time
from threading import Thread
from typing import Literal

import pytest

from backend.jobs.displacement import PATIENCE, SWAP
from backend.jobs.job import Job
from backend.jobs.messages import Event, Payload
from backend.jobs.registry import JobRegistry
from tests.builders.simulated import stopped_clock


@pytest.fixture
def clock(monkeypatch):
    return stopped_clock(monkeypatch)


@pytest.fixture
def registry():
    return JobRegistry(keep_per_visitor=4, keep_in_all=100)


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
    assert [registry.take() for _ in jobs] == jobs
    return jobs


def done(registry, visitor, kind="train", events=(), state="finished", **result):
    """A job that has run, reported and ended."""
    job = put(registry, visitor, kind)
    registry.take()
    for event in events:
        registry.report(job.id, event)
    registry.end(job, state, **result)
    return job


def test_a_job_ends_once(registry):
    job = put(registry, "ada")
    registry.take()
    registry.end(job, "cancelled")
    registry.end(job, "finished", result=7)
    registry.report(job.id, Epoch(epoch=2))
    assert (job.state, job.result, job.events) == ("cancelled", None, ())


def test_ended_jobs_are_bounded_and_the_oldest_are_evicted():
    registry = JobRegistry(keep_per_visitor=2, keep_in_all=5)
    running = put(registry, "ada")
    registry.take()
    ended = [done(registry, visitor) for visitor in ["ada", "ada", "ada", "bob", "bob", "cy", "cy", "dan"]]
    kept = [job for job in ended if registry.get(job.visitor, job.id)]
    assert kept == ended[-5:]
    assert registry.get("ada", running.id) is running, "a running job is never evicted"


def test_a_job_that_never_started_is_requeued_three_times(registry):
    first, second = put(registry, "ada"), put(registry, "bob")
    for _ in range(3):
        assert registry.take() is first
        assert registry.requeue(first)
        assert (first.state, first.position, second.position) == ("queued", 1, 2)
    assert registry.take() is first
    assert not registry.requeue(first), "it may be the job itself that ends the workers"
    assert first.state == "running"


def test_every_waiting_thread_returns_when_the_server_stops(registry):
    jobs = [put(registry, visitor) for visitor in "abc"]
    registry.take()
    waiters = [Thread(target=registry.wait, args=(job, None)) for job in jobs]
    for waiter in waiters:
        waiter.start()
    registry.end_all("The server was stopped.")
    for waiter in waiters:
        waiter.join(30)
        assert not waiter.is_alive()
    assert {(job.state, job.message) for job in jobs} == {("lost", "The server was stopped.")}


def test_eviction_removes_a_large_result_also_from_a_job_that_a_page_holds_and_leaves_its_events():
    registry = JobRegistry(keep_per_visitor=1, keep_in_all=9)
    many = [Epoch(losses=tuple(random.random() for _ in range(150_000)))]
    wordy = done(registry, "ada", events=many, result="weights", size=10)
    large = done(registry, "ada", events=[Epoch(epoch=1)], result="weights", size=2**21)
    last = done(registry, "ada", result="weights")
    assert wordy.view().size > 2**20, "its events count"
    assert (wordy.result, large.result, last.result) == ("weights", None, "weights")
    assert (large.state, large.events) == ("finished", (Epoch(epoch=1),))
    assert large.view().size < 1000, "an evicted result does not count"


def test_the_estimated_wait_follows_from_how_long_such_jobs_took(clock, registry):
    (job,) = begun(registry, "ada")
    clock(40)
    registry.end(job, "finished")
    running, *waiting = [put(registry, visitor) for visitor in "abcd"]
    assert registry.take() is running
    waits = [registry.expected_wait(job.id, workers=2) for job in waiting]
    assert waits == pytest.approx([0, 40, 40], abs=1), "one worker is free, then both take 40 s each"
    assert registry.expected_end(workers=2) == pytest.approx(80, abs=1)
    assert registry.expected_end(workers=4) == pytest.approx(40, abs=1)
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
    assert (behind.state, waits.position) == ("queued", 1), "a job behind delays nobody"
    clock(200)
    waits.look()
    assert registry.cancel_abandoned(300, ABANDONED) == [], "one worker is about to be free, and one visitor waits"
    assert not old.view().cancelling


LONG, SHORT = 500.0, 3.0


def submit(registry, visitor, network, seconds, urgent=False):
    job = Job(visitor, "train", Payload(), urgent, network=network, expected=seconds)
    registry.add(job)
    return job


def take(registry, wanted):
    """End the jobs before `wanted`, which runs then."""
    while (job := registry.take()) is not wanted:
        assert job is not None
        registry.end(job, "cancelled")


def attacked(workers, clock):
    """A hundred visitors of one network, whose long jobs have all workers."""
    registry = JobRegistry(4, 100, longest=600)
    flood = [submit(registry, f"m{number}", "bad", LONG) for number in range(100)]
    for _ in range(workers):
        registry.take()
        clock(1)
    return registry, flood


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_a_short_job_of_another_network_displaces_the_last_started_long_one_of_many(workers, clock):
    registry, flood = attacked(workers, clock)
    clock(30)
    mine = submit(registry, "ada", "home", SHORT)
    assert registry.displace(workers) is None, "it has just come"
    assert registry.expected_wait(mine.id, workers) == pytest.approx(PATIENCE / workers + SWAP)
    clock(PATIENCE / workers)
    long = registry.displace(workers)
    assert long is flood[workers - 1]
    assert registry.expected_wait(mine.id, workers) == SWAP
    assert registry.put_back(long)
    assert registry.displace(max(workers - 1, 1)) is None, "its worker may be starting again"
    assert (long.state, long.view().started_at) == ("queued", None)
    assert long.message.startswith(
        f"Interrupted after {31 + PATIENCE / workers:,.0f} seconds, because your network has"
    )
    assert registry.take() is mine
    others = [job for job in flood if job.state == "queued"]
    assert [job for job in registry.waiting if job.visitor == long.visitor] == [long]
    assert registry.waiting.index(long) == len(others) - 1, "it is behind the others"
    registry.end(mine, "finished")
    assert registry.take() is not long


def test_no_other_job_is_displaced(clock):
    def displaced(network, seconds, expected=LONG, waiting=3):
        registry = JobRegistry(4, 100)
        for number in range(1 + waiting):
            submit(registry, f"m{number}", "bad", expected)
        registry.take()
        clock(5)
        submit(registry, "ada", network, seconds)
        clock(PATIENCE)
        return registry.displace(workers=1)

    assert displaced("home", SHORT) is not None
    assert displaced("home", LONG) is None, "it is long itself"
    assert displaced("bad", SHORT) is None, "of the same network"
    assert displaced("home", SHORT, waiting=0) is None, "the network has one job"


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("lengths", [(50.0, 50.0), (59.0, 25.0), (300.0, 40.0)])
def test_two_networks_with_as_many_jobs_do_not_interrupt_each_other(workers, lengths, clock):
    registry = JobRegistry(4, 100)
    jobs = [
        submit(registry, f"{network}{number}", network, seconds)
        for number in range(3)
        for network, seconds in zip("xy", lengths, strict=True)
    ]
    interrupted = 0
    while not all(job.ended for job in jobs):
        while registry.running < workers and registry.take() is not None:
            pass
        clock(1)
        for job in jobs:
            if job.state == "running" and time.time() - (job.view().started_at or 0) >= (job.expected or 0):
                registry.end(job, "finished")
        if registry.running == workers and (long := registry.displace(workers)) is not None:
            assert registry.put_back(long)
            interrupted += 1
    assert interrupted <= 1


@pytest.mark.parametrize("why", ["cancelled", "a limit"])
def test_a_job_that_is_stopped_while_it_is_displaced_does_not_come_back(clock, why):
    registry, (long, *_) = attacked(1, clock)
    submit(registry, "ada", "home", SHORT)
    clock(30)
    assert registry.displace(1) is long
    if why == "cancelled":
        registry.cancel(long, "Cancelled.")
    else:
        long.stop_reason = ("failed", "This job took too long.")
    assert not registry.put_back(long)
    assert long.state == "running"


def test_a_visitor_cannot_get_the_job_of_another(registry):
    job = put(registry, "ada")
    assert registry.get("bob", job.id) is None
    assert registry.get("ada", job.id) is job
