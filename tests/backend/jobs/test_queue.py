"""The order in which jobs run."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from backend.jobs.job import Job
from backend.jobs.messages import Payload
from backend.jobs.queue import Queue

submissions = st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=30)


def filled(wanted: list[tuple[str, bool]]) -> tuple[Queue, list[Job]]:
    queue, jobs = Queue(), [Job(visitor, "train", Payload(), urgent) for visitor, urgent in wanted]
    for job in jobs:
        queue.push(job)
    return queue, jobs


def drain(queue: Queue) -> list[Job]:
    return list(iter(queue.pop, None))


@given(submissions)
def test_jobs_run_in_the_order_shown_and_none_is_lost(wanted: list[tuple[str, bool]]) -> None:
    queue, jobs = filled(wanted)
    shown = list(queue)
    assert drain(queue) == shown
    assert sorted(shown, key=jobs.index) == jobs
    assert list(queue) == []


@given(submissions)
def test_every_other_visitor_has_a_turn_between_two_jobs_of_one(wanted: list[tuple[str, bool]]) -> None:
    queue, _ = filled(wanted)
    order = drain(queue)
    for urgent in (True, False):
        visitors = [job.visitor for job in order if job.urgent is urgent]
        for start in range(len(visitors)):
            turn = visitors[start : start + len(set(visitors[start:]))]
            assert len(set(turn)) == len(turn)


@given(submissions)
def test_urgent_jobs_go_first_except_in_every_fourth_turn(wanted: list[tuple[str, bool]]) -> None:
    queue, _ = filled(wanted)
    order = "".join("u" if job.urgent else "o" for job in drain(queue))
    assert "uuuu" not in order[: order.rfind("o") + 1], "another waits behind three at most"
    assert not re.search("(^|o)(o|u{1,2}o).*u", order), "and takes the fourth turn alone"


@given(submissions, st.data())
def test_a_removed_job_never_runs(wanted: list[tuple[str, bool]], data: st.DataObject) -> None:
    queue, jobs = filled(wanted)
    gone = data.draw(st.lists(st.sampled_from(jobs), unique_by=id)) if jobs else []
    assert all(queue.remove(job) for job in gone)
    assert not any(queue.remove(job) for job in gone)
    assert set(drain(queue)) == set(jobs) - set(gone)


@given(submissions)
def test_a_requeued_job_is_next(wanted: list[tuple[str, bool]]) -> None:
    queue, _ = filled(wanted)
    before = list(queue)
    job = queue.pop()
    if job is not None:
        queue.requeue(job)
        assert next(iter(queue)) is job
        assert set(queue) == set(before)


@given(submissions, st.sets(st.tuples(st.sampled_from("abcd"), st.booleans())))
def test_a_visitor_with_a_running_job_waits(wanted: list[tuple[str, bool]], busy: set[tuple[str, bool]]) -> None:
    queue, jobs = filled(wanted)
    running = [Job(visitor, "train", Payload(), urgent) for visitor, urgent in busy]
    taken = list(iter(lambda: queue.pop(running), None))
    assert set(queue) == {job for job in jobs if (job.visitor, job.urgent) in busy}
    assert set(taken) == set(jobs) - set(queue)


def test_parallel_jobs_of_one_visitor_run_beside_each_other_only_if_nobody_else_waits() -> None:
    queue = Queue()
    mine = [Job("a", "claim", Payload(), parallel=True) for _ in range(3)]
    for job in mine:
        queue.push(job)
    assert queue.pop() is mine[0]
    assert queue.pop(mine[:1]) is mine[1]
    queue.push(theirs := Job("b", "train", Payload()))
    assert queue.pop(mine[:2]) is theirs
    assert queue.pop([*mine[:2], theirs]) is mine[2]
    queue.push(Job("a", "train", Payload()))
    assert queue.pop(mine[:2]) is None


def crowd(queue: Queue, network: str, visitors: int, kind: str = "train") -> list[Job]:
    """A job of each of so many visitors of one network."""
    jobs = [Job(f"{network}{number}", kind, Payload(), network=network) for number in range(visitors)]
    for job in jobs:
        queue.push(job)
    return jobs


@given(st.integers(1, 40), st.integers(1, 40))
def test_a_network_waits_at_most_twice_as_long_as_if_all_turns_were_for_visitors_or_for_networks(
    many: int, others: int
) -> None:
    """A class behind one address, beside visitors who have an address and some jobs each."""
    queue = Queue()
    members = crowd(queue, "class", many)
    alone = [crowd(queue, f"{n} ", 1)[0] for n in range(others)]
    for _ in range(9):
        for n in range(others):
            crowd(queue, f"{n} ", 1)
    order = list(queue)
    assert order.index(members[-1]) < 2 * (many + others)
    for number, job in enumerate(alone):
        assert order.index(job) <= 2 * (number + 2)
    assert [job for job in order if job in members] == members, "they take turns among themselves"
