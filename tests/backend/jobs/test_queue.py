"""The order in which jobs run."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backend.jobs.job import Job
from backend.jobs.queue import Queue

submissions = st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=30)


def filled(wanted: list[tuple[str, bool]]) -> tuple[Queue, list[Job]]:
    queue, jobs = Queue(), [Job(visitor, "train", {}, urgent) for visitor, urgent in wanted]
    for job in jobs:
        queue.push(job)
    return queue, jobs


def drain(queue: Queue) -> list[Job]:
    return list(iter(queue.pop, None))


@given(submissions)
def test_the_order_shown_is_the_order_run_and_nothing_is_lost(wanted: list[tuple[str, bool]]) -> None:
    queue, jobs = filled(wanted)
    shown = list(queue)
    assert drain(queue) == shown
    assert sorted(shown, key=jobs.index) == jobs
    assert list(queue) == []


@given(submissions)
def test_urgent_first_and_between_two_of_a_visitor_everyone_else_had_a_turn(wanted: list[tuple[str, bool]]) -> None:
    queue, _ = filled(wanted)
    order = drain(queue)
    assert [job.urgent for job in order] == sorted((job.urgent for job in order), reverse=True)
    for urgent in (True, False):
        visitors = [job.visitor for job in order if job.urgent is urgent]
        for start in range(len(visitors)):
            turn = visitors[start : start + len(set(visitors[start:]))]
            assert len(set(turn)) == len(turn)


@given(submissions, st.data())
def test_a_removed_job_never_runs(wanted: list[tuple[str, bool]], data: st.DataObject) -> None:
    queue, jobs = filled(wanted)
    gone = data.draw(st.lists(st.sampled_from(jobs), unique_by=id)) if jobs else []
    assert all(queue.remove(job) for job in gone)
    assert not any(queue.remove(job) for job in gone)
    assert set(drain(queue)) == set(jobs) - set(gone)


@given(submissions)
def test_what_is_put_back_is_next_among_its_like(wanted: list[tuple[str, bool]]) -> None:
    queue, _ = filled(wanted)
    before = list(queue)
    job = queue.pop()
    if job is not None:
        queue.put_back(job)
        assert next(iter(queue)) is job
        assert set(queue) == set(before)


def test_one_who_was_just_served_goes_behind_those_who_wait() -> None:
    queue, (first, *_) = filled([("a", False), ("b", False), ("b", False)])
    assert queue.pop() is first
    queue.push(again := Job("a", "train", {}))
    assert [job.visitor for job in queue] == ["b", "a", "b"]
    assert again in list(queue)


@given(submissions, st.sets(st.sampled_from("abcd")))
def test_a_busy_visitor_waits_and_keeps_the_place(wanted: list[tuple[str, bool]], busy: set[str]) -> None:
    queue, jobs = filled(wanted)
    taken = list(iter(lambda: queue.pop(busy), None))
    assert all(job.urgent or job.visitor not in busy for job in taken)
    assert set(queue) == {job for job in jobs if not job.urgent and job.visitor in busy}


def test_one_visitor_may_use_all_workers_only_where_nobody_else_waits() -> None:
    queue = Queue()
    mine = [Job("a", "claim", {}, spread=True) for _ in range(3)]
    for job in mine:
        queue.push(job)
    assert queue.pop() is mine[0]
    assert queue.pop({"a"}) is mine[1]
    queue.push(theirs := Job("b", "train", {}))
    assert queue.pop({"a"}) is theirs
    assert queue.pop({"a", "b"}) is mine[2]
    queue.push(Job("a", "train", {}))
    assert queue.pop({"a"}) is None
