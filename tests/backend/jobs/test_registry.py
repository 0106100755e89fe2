"""The board: states, history, waiting."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from threading import Thread

import pytest

from backend.jobs.job import Job
from backend.jobs.registry import JobRegistry


def put(registry: JobRegistry, visitor: str, kind: str = "train") -> Job:
    registry.add(job := Job(visitor, kind, {}))
    return job


def test_a_view_does_not_change_in_its_readers_hands() -> None:
    registry = JobRegistry(4, 100)
    job = put(registry, "ada")
    before = job.view()
    registry.take()
    registry.report(job.id, {"epoch": 1})
    registry.end(job, "finished", result=7)
    assert (before.state, before.position, before.events, before.result) == ("queued", 1, (), None)
    assert (job.state, job.position, job.events, job.result) == ("finished", None, ({"epoch": 1},), 7)


def test_an_ended_job_stays_as_it_ended() -> None:
    registry = JobRegistry(4, 100)
    job = put(registry, "ada")
    registry.take()
    registry.end(job, "cancelled")
    registry.end(job, "finished", result=7)
    registry.report(job.id, {"epoch": 2})
    assert (job.state, job.result, job.events) == ("cancelled", None, ())


def test_history_is_bounded_and_drops_the_oldest_ended() -> None:
    registry = JobRegistry(keep_per_visitor=2, keep_in_all=5)
    running = put(registry, "ada")
    registry.take()
    ended = []
    for visitor in ["ada", "ada", "ada", "bob", "bob", "cy", "cy", "dan"]:
        ended.append(put(registry, visitor))
        registry.take()
        registry.end(ended[-1], "finished")
    kept = [job for job in ended if registry.get(job.visitor, job.id)]
    assert kept == ended[-5:]
    assert registry.get("ada", running.id) is running, "what runs is never forgotten"


def test_the_end_counts_and_not_the_beginning() -> None:
    registry = JobRegistry(keep_per_visitor=2, keep_in_all=3)
    long = put(registry, "ada", "speed")
    registry.take()
    for visitor in "bcdefg":
        job = put(registry, visitor)
        registry.take()
        registry.end(job, "finished")
    registry.end(long, "finished", result="minutes of measuring")
    assert registry.latest("ada", "speed") is long
    assert [visitor for visitor in "bcdefg" if registry.latest(visitor, "train")] == ["f", "g"]


def test_describing_often_does_not_forget_the_training() -> None:
    registry = JobRegistry(keep_per_visitor=2, keep_in_all=100)
    training = put(registry, "ada")
    registry.take()
    registry.end(training, "finished")
    for _ in range(9):
        job = put(registry, "ada", "describe")
        registry.take()
        registry.end(job, "finished")
    assert registry.latest("ada", "train") is training


def test_a_job_that_never_began_is_put_back_a_few_times() -> None:
    registry = JobRegistry(4, 100)
    first, second = put(registry, "ada"), put(registry, "bob")
    for _ in range(3):
        assert registry.take() is first
        assert registry.requeue(first)
        assert (first.state, first.position, second.position) == ("queued", 1, 2)
    assert registry.take() is first
    assert not registry.requeue(first), "it may be what ends the workers"
    assert first.state == "running"


def test_a_job_that_is_being_cancelled_is_not_put_back() -> None:
    registry = JobRegistry(4, 100)
    job = put(registry, "ada")
    registry.take()
    assert registry.ask_to_cancel(job, "Cancelled.")
    assert not registry.requeue(job)


def test_another_visitors_job_is_not_there() -> None:
    registry = JobRegistry(4, 100)
    job = put(registry, "ada")
    assert registry.get("bob", job.id) is None
    assert registry.get("ada", job.id) is job


def test_when_all_is_over_nobody_waits_for_ever() -> None:
    registry = JobRegistry(4, 100)
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


def test_results_are_bounded_by_their_size_and_the_last_one_stays() -> None:
    registry = JobRegistry(keep_per_visitor=9, keep_in_all=9, keep_bytes=100)
    jobs = [put(registry, "ada") for _ in range(4)]
    for job, size in zip(jobs, (60, 30, 60, 500), strict=True):
        registry.take()
        registry.end(job, "finished", size=size)
        kept = [job for job in jobs if job.ended and registry.get("ada", job.id)]
        assert kept[-1] is job
        assert len(kept) == 1 or sum(job.view().size for job in kept) <= 100
    assert kept == [jobs[-1]]


def test_a_large_result_is_not_kept_by_whoever_holds_its_job() -> None:
    registry = JobRegistry(keep_per_visitor=1, keep_in_all=9)
    large, small, last = (put(registry, "ada") for _ in range(3))
    for job, size in ((large, 2**21), (small, 2**19), (last, 0)):
        registry.take()
        registry.report(job.id, {"epoch": 1})
        registry.end(job, "finished", result="weights", size=size)
    assert (large.state, large.result, large.events) == ("finished", None, ({"epoch": 1},))
    assert (small.result, last.result) == ("weights", "weights")


def test_what_was_taken_makes_room_and_what_still_runs_stays() -> None:
    registry = JobRegistry(keep_per_visitor=9, keep_in_all=9, keep_bytes=1000)
    small, running, taken = (put(registry, visitor) for visitor in "abc")
    registry.take()
    registry.take()
    registry.end(small, "finished", size=500)
    registry.forget(running)
    assert registry.get("b", running.id) is running
    registry.take()
    registry.end(taken, "finished", result="a model", size=400)
    registry.forget(taken)
    assert registry.get("c", taken.id) is None
    registry.end(running, "finished", size=200)
    assert registry.get("a", small.id) is small


def test_only_the_result_gives_way_and_only_where_it_is_large() -> None:
    registry = JobRegistry(keep_per_visitor=1, keep_in_all=9)
    wordy, large, last = (put(registry, "ada") for _ in range(3))
    for job, size, events in ((wordy, 10, 150_000), (large, 2**21, 1), (last, 0, 0)):
        registry.take()
        registry.report(job.id, {"losses": [random.random() for _ in range(events)]})
        registry.end(job, "finished", result="weights", size=size)
    assert wordy.view().size > 2**20
    assert (wordy.result, large.result) == ("weights", None)
    assert large.view().size < 1000, "what is gone takes no room"


def test_what_a_job_reported_counts_for_what_is_kept() -> None:
    registry = JobRegistry(keep_per_visitor=9, keep_in_all=9)
    job = put(registry, "ada")
    registry.take()
    for n in range(100):
        registry.report(job.id, {"epoch": n, "losses": [random.random() for _ in range(10)]})
    registry.end(job, "cancelled", size=0)
    assert job.view().size > 5000


def test_a_visitor_has_one_job_running_at_a_time() -> None:
    registry = JobRegistry(4, 100)
    first, second = put(registry, "ada"), put(registry, "ada")
    other = put(registry, "bob")
    assert [registry.take(), registry.take(), registry.take()] == [first, other, None]
    registry.end(first, "finished")
    assert registry.take() is second


def test_a_refused_job_is_not_kept() -> None:
    registry = JobRegistry(4, 100)
    registry.add(job := Job("ada", "train", {}), lambda queue: "No room.")
    assert (job.state, job.message, job.ended) == ("refused", "No room.", True)
    assert registry.get("ada", job.id) is None
    assert registry.take() is None


def test_the_wait_follows_what_such_jobs_took() -> None:
    registry = JobRegistry(4, 100)
    done = put(registry, "ada")
    registry.take()
    done._view = replace(done.view(), started_at=time.time() - 40)
    registry.end(done, "finished")
    running, *waiting = [put(registry, visitor) for visitor in "abcd"]
    assert registry.take() is running
    waits = [registry.expected_wait(job.id, workers=2) for job in waiting]
    assert waits == pytest.approx([0, 40, 40], abs=1), "one worker is free, then both take 40 s each"
    assert registry.expected_end(workers=2) == pytest.approx(80, abs=1)
    assert registry.expected_end(workers=4) == pytest.approx(40, abs=1)
    assert registry.expected_wait(running.id, workers=2) == 0


def test_ones_own_job_waits_for_ones_own_and_others_pass_it() -> None:
    registry = JobRegistry(4, 100)
    done = put(registry, "ada")
    registry.take()
    done._view = replace(done.view(), started_at=time.time() - 40)
    registry.end(done, "finished")
    mine = [put(registry, "ada") for _ in range(3)]
    other = put(registry, "bob")
    assert registry.take() is mine[0]
    waits = [registry.expected_wait(job.id, workers=2) for job in (mine[1], mine[2], other)]
    assert waits == pytest.approx([40, 80, 0], abs=1)


def test_a_job_that_takes_longer_than_is_usual_is_not_about_to_end() -> None:
    registry = JobRegistry(4, 100)
    slow, next_one = put(registry, "ada"), put(registry, "bob")
    registry.take()
    slow._view = replace(slow.view(), started_at=time.time() - 400)
    assert registry.expected_wait(next_one.id, workers=1) == pytest.approx(100, abs=1)


def test_where_nothing_begins_any_more_nothing_is_put_back_or_taken() -> None:
    registry = JobRegistry(4, 100)
    running, waiting = put(registry, "ada"), put(registry, "bob")
    registry.take()
    registry.end_waiting("The server is about to be started again.")
    assert waiting.state == "lost"
    assert not registry.requeue(running)
    late = put(registry, "cy")
    assert registry.take() is None
    assert late.state == "queued"


GONE = "Nobody looked."


@pytest.fixture
def later(monkeypatch):
    """Moves the clock by which looks are told apart."""
    past = [time.monotonic()]
    monkeypatch.setattr(time, "monotonic", lambda: past[0])

    def move(seconds: float) -> None:
        past[0] += seconds

    return move


def test_nothing_is_cancelled_where_nobody_waits(later) -> None:
    registry = JobRegistry(4, 100)
    running = put(registry, "ada")
    registry.take()
    own = put(registry, "ada")
    later(1000)
    own.look()
    assert registry.make_way(300, GONE) == []
    assert (running.view().cancelling, own.state) == (False, "queued"), "ada waits for herself alone"


def test_what_nobody_looks_at_makes_way_for_who_waits(later) -> None:
    registry = JobRegistry(4, 100)
    older, old, watched = put(registry, "ada"), put(registry, "bob"), put(registry, "cy")
    assert [registry.take() for _ in range(3)] == [older, old, watched]
    ahead, waits, behind = put(registry, "dan"), put(registry, "eve"), put(registry, "fay")
    later(200)
    old.look()
    later(200)
    for job in (watched, waits):
        job.look()
    assert registry.make_way(300, GONE) == [older], "bob's was looked at 200 s ago"
    assert (older.view().cancelling, older.stopped) == (True, ("abandoned", GONE))
    assert (ahead.state, ahead.message) == ("abandoned", GONE)
    assert (behind.state, waits.position) == ("queued", 1), "who comes after holds up nobody"
    later(200)
    waits.look()
    assert registry.make_way(300, GONE) == [], "one worker is about to be free, and one visitor waits"
    assert not old.view().cancelling


def test_as_many_make_way_as_visitors_wait(later) -> None:
    registry = JobRegistry(4, 100)
    running = [put(registry, visitor) for visitor in "abc"]
    for _ in running:
        registry.take()
    later(1000)
    for visitor in ("eve", "eve", "fay"):
        put(registry, visitor)
    assert registry.make_way(300, GONE) == running[:2]


def test_a_job_that_somebody_waits_for_is_not_abandoned(later) -> None:
    registry = JobRegistry(4, 100)
    running = put(registry, "ada")
    registry.take()
    waiter = Thread(target=registry.wait, args=(running, None))
    waiter.start()
    while not running.waiters:
        pass
    later(1000)
    put(registry, "bob")
    assert registry.make_way(300, GONE) == []
    registry.end(running, "finished")
    waiter.join(30)
    assert not running.waiters
