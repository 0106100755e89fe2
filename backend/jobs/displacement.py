"""Chooses a running job that has to begin again later, so that a visitor of another network need not wait for it.

With a hundred cookies, one person counts as a hundred visitors, but seldom has a hundred addresses. If a network has
many jobs, and a visitor of another one waits for a short job, then a long job of the first network gives its worker to
the short one, and begins again later. Its result has the same bits. The time since its start is lost, so the job that
started last is chosen. A job is displaced at most `MOST_YIELDS` times; after that it runs to its end.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable

from backend.jobs.job import Job
from backend.jobs.wait_estimate import WaitEstimator

#: Seconds that a short job waits before it displaces another. They are divided by the number of workers, because with
#: few workers a displacement interrupts a large share of the work.
PATIENCE = 20.0
#: A short job is expected to take at most `SHORT` seconds. A displaced job still needs more than `NEARLY_DONE` seconds,
#: or has run for more than `LONG`.
SHORT, NEARLY_DONE = 60.0, 10.0
#: Seconds after which a job is long, whatever was expected of it.
LONG = 20.0
#: How often a job may be displaced.
MOST_YIELDS = 2
#: Seconds until the worker of a displaced job is free, or replaced if it had to be killed.
SWAP = 5.0


def displacement(
    running: Collection[Job], queue: Collection[Job], estimator: WaitEstimator, workers: int
) -> tuple[Job | None, Job | None]:
    """A short job that has waited long enough to be the next one, and the running job that it displaces.

    Both are None if no short job has waited long enough. The second alone is None if no running job may be displaced.
    """
    counts = _jobs_of_networks(running, queue)
    for job in _first_of_lines(running, queue):
        if _patience_left(job, workers) <= 0 and (crowd := _crowd(job, running, counts, estimator, workers)):
            return job, _youngest(job, crowd, estimator)
    return None, None


def seconds_to_displace(
    job: Job, running: Collection[Job], queue: Collection[Job], estimator: WaitEstimator, workers: int
) -> float:
    """Seconds until the queued `job` has displaced another and starts; infinite if it displaces none.

    Jobs before it that displace others go first, one after the other.
    """
    counts, before = _jobs_of_networks(running, queue), 0.0
    for each in _first_of_lines(running, queue):
        if _youngest(each, _crowd(each, running, counts, estimator, workers), estimator) is None:
            continue
        if each is job:
            return _patience_left(job, workers) + SWAP + before / workers
        before += SWAP + estimator.seconds(each)
    return float("inf")


def _first_of_lines(running: Collection[Job], queue: Collection[Job]) -> list[Job]:
    """The queued jobs that wait for no other job of their visitor."""
    busy = {job.line for job in running}
    first: dict[tuple[str, bool], Job] = {}
    for job in queue:
        if job.line not in busy:
            first.setdefault(job.line, job)
    return list(first.values())


def _jobs_of_networks(running: Iterable[Job], queue: Iterable[Job]) -> Counter[str]:
    """How many jobs each network has."""
    return Counter(each.network for jobs in (running, queue) for each in jobs)


def _crowd(
    job: Job, running: Collection[Job], counts: Counter[str], estimator: WaitEstimator, workers: int
) -> list[Job]:
    """The running jobs, urgent ones excepted, of networks that have so many that the queued `job` may displace one.

    Empty if `job` is not short, if its network has a worker, or if a worker is idle or about to be free. Such a network
    has at least twice as many jobs as that of `job`, so that two networks do not displace each other's jobs in turn.
    """
    if not job.urgent and estimator.seconds(job) > SHORT:
        return []
    if len(running) < workers or any(each.yielding or each.view().cancelling for each in running):
        return []
    if job.network in {each.network for each in running}:
        return []
    least = max(2, workers, 2 * counts[job.network])
    return [each for each in running if counts[each.network] >= least and not each.urgent]


def _youngest(job: Job, crowd: Iterable[Job], estimator: WaitEstimator) -> Job | None:
    """The running job to displace: of the long ones in `crowd`, the one that started last; None if there is none.

    It still needs longer than `job`. Otherwise `job` could as well wait for its end.
    """
    long = [
        each
        for each in crowd
        if each.yield_count < MOST_YIELDS
        and (estimator.seconds_left(each) > NEARLY_DONE or _seconds_running(each) > LONG)
        and estimator.seconds_left(each) > estimator.seconds(job)
    ]
    return max(long, key=lambda each: each.view().started_at or 0, default=None)


def _patience_left(job: Job, workers: int) -> float:
    """Seconds that the queued `job` waits before it displaces another."""
    return max(PATIENCE / max(workers, 1) - (time.time() - job.view().submitted_at), 0.0)


def _seconds_running(job: Job) -> float:
    return time.time() - (job.view().started_at or time.time())
