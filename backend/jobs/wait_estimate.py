"""Estimates how long a job will wait: from what the app expects of the jobs before it, and from how long jobs took."""

from __future__ import annotations

import time
from collections.abc import Iterable

from backend.jobs.job import Job, State

_UNKNOWN = 3.0  # seconds of a job of which nothing is known
_SMOOTHING = 0.2  # the weight of the newest job in the moving averages
#: A single job changes the ratio of its kind by no more than this.
_MOST = 10.0


class WaitEstimator:
    """How long each job takes: what the app expects, times what jobs of its kind took in relation to that.

    Where the app expects nothing, the mean of the jobs of that kind. No job takes longer than `longest` seconds, after
    which it is stopped. Not locked: its owner, the registry, is.
    """

    def __init__(self, longest: float = float("inf")) -> None:
        self._longest = longest
        self._average: dict[str, float] = {}  # seconds of the kinds without expectation
        self._ratio: dict[str, float] = {}  # seconds ÷ expectation of the others

    def learn(self, job: Job, state: State) -> None:
        """A job has just ended in `state`, or loses its worker and begins again ("queued").

        A finished job, or a failed one, took what it took. One that was cancelled or lost would have taken longer, so
        it says something only if it took longer than it was expected to.
        """
        started = job.view().started_at
        if started is None:
            return
        took = min(time.time() - started, self._longest)
        if state not in ("finished", "failed") and took <= self.seconds(job):
            return
        if not job.expected:
            average = self._average.get(job.kind, took)
            self._average[job.kind] = average + _SMOOTHING * (took - average)
            return
        measured, ratio = min(max(took / job.expected, 1 / _MOST), _MOST), self._ratio.get(job.kind, 1.0)
        self._ratio[job.kind] = ratio + _SMOOTHING * (measured - ratio)

    def seconds(self, job: Job) -> float:
        """How long the job takes, from its start."""
        if not job.expected:
            return min(self._average.get(job.kind, _UNKNOWN), self._longest)
        return min(job.expected * self._ratio.get(job.kind, 1.0), self._longest)

    def left(self, job: Job) -> float:
        """Seconds that a running job still needs. One that takes longer than expected needs a quarter of that more."""
        spent = time.time() - (job.view().started_at or time.time())
        return min(max(self.seconds(job) - spent, spent / 4), max(self._longest - spent, 0.0))

    def estimate_wait(self, job: Job | None, running: Iterable[Job], queue: Iterable[Job], workers: int) -> float:
        """Seconds until `job` starts (None: until all jobs have ended).

        It assumes that `workers` take the queue in its order, and each visitor's jobs one after the other.
        """
        left = {each: self.left(each) for each in running if not each.yielding}
        free = sorted(left.values())[-workers:]
        free = [0.0] * (workers - len(free)) + free
        idle = {each.line: seconds for each, seconds in left.items()}  # when each visitor's last job ends
        for ahead in queue:
            start = min(free)
            if not ahead.parallel:
                start = max(start, idle.get(ahead.line, 0.0))
            if ahead is job:
                return start
            # The worker that has been idle for the shortest time; one that was free earlier may serve another visitor.
            free.remove(max(seconds for seconds in free if seconds <= start))
            end = start + self.seconds(ahead)
            free.append(end)
            idle[ahead.line] = end
        return max(free)
