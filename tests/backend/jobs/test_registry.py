"""The board: states, history, waiting."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from threading import Thread

import pytest

from backend.jobs.job import Job
from backend.jobs.registry import Board


def put(board: Board, visitor: str, kind: str = "train") -> Job:
    board.add(job := Job(visitor, kind, {}))
    return job


def test_a_view_does_not_change_in_its_readers_hands() -> None:
    board = Board(4, 100)
    job = put(board, "ada")
    before = job.view()
    board.take()
    board.report(job.id, {"epoch": 1})
    board.end(job, "finished", result=7)
    assert (before.state, before.position, before.events, before.result) == ("queued", 1, (), None)
    assert (job.state, job.position, job.events, job.result) == ("finished", None, ({"epoch": 1},), 7)


def test_an_ended_job_stays_as_it_ended() -> None:
    board = Board(4, 100)
    job = put(board, "ada")
    board.take()
    board.end(job, "cancelled")
    board.end(job, "finished", result=7)
    board.report(job.id, {"epoch": 2})
    assert (job.state, job.result, job.events) == ("cancelled", None, ())


def test_history_is_bounded_and_drops_the_oldest_ended() -> None:
    board = Board(keep_per_visitor=2, keep_in_all=5)
    running = put(board, "ada")
    board.take()
    ended = []
    for visitor in ["ada", "ada", "ada", "bob", "bob", "cy", "cy", "dan"]:
        ended.append(put(board, visitor))
        board.take()
        board.end(ended[-1], "finished")
    kept = [job for job in ended if board.get(job.visitor, job.id)]
    assert kept == ended[-5:]
    assert board.get("ada", running.id) is running, "what runs is never forgotten"


def test_the_end_counts_and_not_the_beginning() -> None:
    board = Board(keep_per_visitor=2, keep_in_all=3)
    long = put(board, "ada", "speed")
    board.take()
    for visitor in "bcdefg":
        job = put(board, visitor)
        board.take()
        board.end(job, "finished")
    board.end(long, "finished", result="minutes of measuring")
    assert board.latest("ada", "speed") is long
    assert [visitor for visitor in "bcdefg" if board.latest(visitor, "train")] == ["f", "g"]


def test_describing_often_does_not_forget_the_training() -> None:
    board = Board(keep_per_visitor=2, keep_in_all=100)
    training = put(board, "ada")
    board.take()
    board.end(training, "finished")
    for _ in range(9):
        job = put(board, "ada", "describe")
        board.take()
        board.end(job, "finished")
    assert board.latest("ada", "train") is training


def test_a_job_that_never_began_is_put_back_a_few_times() -> None:
    board = Board(4, 100)
    first, second = put(board, "ada"), put(board, "bob")
    for _ in range(3):
        assert board.take() is first
        assert board.put_back(first)
        assert (first.state, first.position, second.position) == ("queued", 1, 2)
    assert board.take() is first
    assert not board.put_back(first), "it may be what ends the workers"
    assert first.state == "running"


def test_a_job_that_is_being_cancelled_is_not_put_back() -> None:
    board = Board(4, 100)
    job = put(board, "ada")
    board.take()
    assert board.ask_to_cancel(job, "Cancelled.")
    assert not board.put_back(job)


def test_another_visitors_job_is_not_there() -> None:
    board = Board(4, 100)
    job = put(board, "ada")
    assert board.get("bob", job.id) is None
    assert board.get("ada", job.id) is job


def test_when_all_is_over_nobody_waits_for_ever() -> None:
    board = Board(4, 100)
    jobs = [put(board, visitor) for visitor in "abc"]
    board.take()
    waiters = [Thread(target=board.wait, args=(job, None)) for job in jobs]
    for waiter in waiters:
        waiter.start()
    board.end_all("The server was stopped.")
    for waiter in waiters:
        waiter.join(30)
        assert not waiter.is_alive()
    assert {(job.state, job.message) for job in jobs} == {("lost", "The server was stopped.")}


def test_results_are_bounded_by_their_size_and_the_last_one_stays() -> None:
    board = Board(keep_per_visitor=9, keep_in_all=9, keep_bytes=100)
    jobs = [put(board, "ada") for _ in range(4)]
    for job, size in zip(jobs, (60, 30, 60, 500), strict=True):
        board.take()
        board.end(job, "finished", size=size)
        kept = [job for job in jobs if job.ended and board.get("ada", job.id)]
        assert kept[-1] is job
        assert len(kept) == 1 or sum(job.view().size for job in kept) <= 100
    assert kept == [jobs[-1]]


def test_a_large_result_is_not_kept_by_whoever_holds_its_job() -> None:
    board = Board(keep_per_visitor=1, keep_in_all=9)
    large, small, last = (put(board, "ada") for _ in range(3))
    for job, size in ((large, 2**21), (small, 2**19), (last, 0)):
        board.take()
        board.report(job.id, {"epoch": 1})
        board.end(job, "finished", result="weights", size=size)
    assert (large.state, large.result, large.events) == ("finished", None, ({"epoch": 1},))
    assert (small.result, last.result) == ("weights", "weights")


def test_what_was_taken_makes_room_and_what_still_runs_stays() -> None:
    board = Board(keep_per_visitor=9, keep_in_all=9, keep_bytes=1000)
    small, running, taken = (put(board, visitor) for visitor in "abc")
    board.take()
    board.take()
    board.end(small, "finished", size=500)
    board.forget(running)
    assert board.get("b", running.id) is running
    board.take()
    board.end(taken, "finished", result="a model", size=400)
    board.forget(taken)
    assert board.get("c", taken.id) is None
    board.end(running, "finished", size=200)
    assert board.get("a", small.id) is small


def test_only_the_result_gives_way_and_only_where_it_is_large() -> None:
    board = Board(keep_per_visitor=1, keep_in_all=9)
    wordy, large, last = (put(board, "ada") for _ in range(3))
    for job, size, events in ((wordy, 10, 150_000), (large, 2**21, 1), (last, 0, 0)):
        board.take()
        board.report(job.id, {"losses": [random.random() for _ in range(events)]})
        board.end(job, "finished", result="weights", size=size)
    assert wordy.view().size > 2**20
    assert (wordy.result, large.result) == ("weights", None)
    assert large.view().size < 1000, "what is gone takes no room"


def test_what_a_job_reported_counts_for_what_is_kept() -> None:
    board = Board(keep_per_visitor=9, keep_in_all=9)
    job = put(board, "ada")
    board.take()
    for n in range(100):
        board.report(job.id, {"epoch": n, "losses": [random.random() for _ in range(10)]})
    board.end(job, "cancelled", size=0)
    assert job.view().size > 5000


def test_a_visitor_has_one_job_running_at_a_time() -> None:
    board = Board(4, 100)
    first, second = put(board, "ada"), put(board, "ada")
    other = put(board, "bob")
    assert [board.take(), board.take(), board.take()] == [first, other, None]
    board.end(first, "finished")
    assert board.take() is second


def test_a_refused_job_is_not_kept() -> None:
    board = Board(4, 100)
    board.add(job := Job("ada", "train", {}), lambda queue: "No room.")
    assert (job.state, job.message, job.ended) == ("refused", "No room.", True)
    assert board.get("ada", job.id) is None
    assert board.take() is None


def test_the_wait_follows_what_such_jobs_took() -> None:
    board = Board(4, 100)
    done = put(board, "ada")
    board.take()
    done._view = replace(done.view(), started_at=time.time() - 40)
    board.end(done, "finished")
    running, *waiting = [put(board, visitor) for visitor in "abcd"]
    assert board.take() is running
    waits = [board.expected_wait(job.id, workers=2) for job in waiting]
    assert waits == pytest.approx([0, 40, 40], abs=1), "one worker is free, then both take 40 s each"
    assert board.expected_end(workers=2) == pytest.approx(80, abs=1)
    assert board.expected_end(workers=4) == pytest.approx(40, abs=1)
    assert board.expected_wait(running.id, workers=2) == 0


def test_ones_own_job_waits_for_ones_own_and_others_pass_it() -> None:
    board = Board(4, 100)
    done = put(board, "ada")
    board.take()
    done._view = replace(done.view(), started_at=time.time() - 40)
    board.end(done, "finished")
    mine = [put(board, "ada") for _ in range(3)]
    other = put(board, "bob")
    assert board.take() is mine[0]
    waits = [board.expected_wait(job.id, workers=2) for job in (mine[1], mine[2], other)]
    assert waits == pytest.approx([40, 80, 0], abs=1)


def test_a_job_that_takes_longer_than_is_usual_is_not_about_to_end() -> None:
    board = Board(4, 100)
    slow, next_one = put(board, "ada"), put(board, "bob")
    board.take()
    slow._view = replace(slow.view(), started_at=time.time() - 400)
    assert board.expected_wait(next_one.id, workers=1) == pytest.approx(100, abs=1)


def test_where_nothing_begins_any_more_nothing_is_put_back_or_taken() -> None:
    board = Board(4, 100)
    running, waiting = put(board, "ada"), put(board, "bob")
    board.take()
    board.end_waiting("The server is about to be started again.")
    assert waiting.state == "lost"
    assert not board.put_back(running)
    late = put(board, "cy")
    assert board.take() is None
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
    board = Board(4, 100)
    running = put(board, "ada")
    board.take()
    own = put(board, "ada")
    later(1000)
    own.look()
    assert board.make_way(300, GONE) == []
    assert (running.view().cancelling, own.state) == (False, "queued"), "ada waits for herself alone"


def test_what_nobody_looks_at_makes_way_for_who_waits(later) -> None:
    board = Board(4, 100)
    older, old, watched = put(board, "ada"), put(board, "bob"), put(board, "cy")
    assert [board.take() for _ in range(3)] == [older, old, watched]
    ahead, waits, behind = put(board, "dan"), put(board, "eve"), put(board, "fay")
    later(200)
    old.look()
    later(200)
    for job in (watched, waits):
        job.look()
    assert board.make_way(300, GONE) == [older], "bob's was looked at 200 s ago"
    assert (older.view().cancelling, older.stopped) == (True, ("abandoned", GONE))
    assert (ahead.state, ahead.message) == ("abandoned", GONE)
    assert (behind.state, waits.position) == ("queued", 1), "who comes after holds up nobody"
    later(200)
    waits.look()
    assert board.make_way(300, GONE) == [], "one worker is about to be free, and one visitor waits"
    assert not old.view().cancelling


def test_as_many_make_way_as_visitors_wait(later) -> None:
    board = Board(4, 100)
    running = [put(board, visitor) for visitor in "abc"]
    for _ in running:
        board.take()
    later(1000)
    for visitor in ("eve", "eve", "fay"):
        put(board, visitor)
    assert board.make_way(300, GONE) == running[:2]


def test_a_job_that_somebody_waits_for_is_not_abandoned(later) -> None:
    board = Board(4, 100)
    running = put(board, "ada")
    board.take()
    waiter = Thread(target=board.wait, args=(running, None))
    waiter.start()
    while not running.waiters:
        pass
    later(1000)
    put(board, "bob")
    assert board.make_way(300, GONE) == []
    board.end(running, "finished")
    waiter.join(30)
    assert not running.waiters
