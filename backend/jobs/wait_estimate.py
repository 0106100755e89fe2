"""Estimates how long a job takes and waits: from the app's estimates, and from how long jobs took."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable

from backend.jobs.job import Job, State

_UNKNOWN = 3.0  # seconds of a job about which nothing is known
_SMOOTHING = 0.2  # the weight of the newest job in the moving averages
#: A single job changes the ratio of its kind by no more than this.
_MOST_RATIO = 10.0
#: Seconds beyond which a job is long.
_LONG = 60.0


def most_long_jobs(workers: int) -> int:
    """How many long jobs of one network may run at once. The last of several workers is for everybody."""
    return max(workers - 1, 1)


class WaitEstimator:
    """Estimates how long a job takes: the app's estimate × the moving average of actual ÷ estimated time of its kind.

    No job takes longer than `longest` seconds: it is stopped then. Not locked: its owner, the registry, is.
    """

    def __init__(self, longest: float = float("inf")) -> None:
        self._longest = longest
        self._ratio: dict[str, float] = {}  # seconds ÷ estimate, by kind

    def learn(self, job: Job, state: State) -> None:
        """Learn from a job that has just ended in `state`.

        The duration of a finished or failed job is known. A cancelled or lost job would have taken longer, so it is
        learned from only if it took longer than expected.
        """
        started = job.view().started_at
        if started is None:
            return
        duration = min(time.time() - started, self._longest)
        if state in ("finished", "failed") or duration > self.seconds(job):
            measured = min(max(duration / (job.expected or _UNKNOWN), 1 / _MOST_RATIO), _MOST_RATIO)
            ratio = self._ratio.get(job.kind, 1.0 if job.expected else measured)
            self._ratio[job.kind] = ratio + _SMOOTHING * (measured - ratio)

    def seconds(self, job: Job) -> float:
        """How long the job takes, from its start."""
        return min((job.expected or _UNKNOWN) * self._ratio.get(job.kind, 1.0), self._longest)

    def is_long(self, job: Job) -> bool:
        """Whether the job is long, and its visitor's network is known."""
        return job.network != job.visitor and self.seconds(job) > _LONG

    def estimate_wait(self, job: Job, running: Iterable[Job], queue: Iterable[Job], workers: int) -> float:
        """Seconds until the queued `job` starts.

        It assumes that `workers` take the queue in its order, each visitor's jobs one after the other, and no more
        than `most_long_jobs` of a network at once.
        """
        left = {each: self._seconds_left(each) for each in running}
        free = sorted(left.values())[-workers:]
        free = [0.0] * (workers - len(free)) + free
        idle = {each.line: seconds for each, seconds in left.items()}  # when each visitor's last job ends
        long: defaultdict[str, list[float]] = defaultdict(list)  # when the long jobs of each network end
        for each, seconds in left.items():
            if self.is_long(each):
                long[each.network].append(seconds)
        start = min(free)
        for ahead in queue:
            start = min(free)
            if not ahead.parallel:
                start = max(start, idle.get(ahead.line, 0.0))
            is_long, ends = self.is_long(ahead), sorted(long[ahead.network])
            if is_long and len(ends) >= most_long_jobs(workers):
                start = max(start, ends[-most_long_jobs(workers)])
            if ahead is job:
                break
            # The worker that has been idle for the shortest time; one that was free earlier may serve another visitor.
            free.remove(max(seconds for seconds in free if seconds <= start))
            end = start + self.seconds(ahead)
            free.append(end)
            idle[ahead.line] = end
            if is_long:
                long[ahead.network].append(end)
        return start

    def _seconds_left(self, job: Job) -> float:
        """Seconds that a running job still needs: if it takes longer than expected, a quarter of the time so far."""
        spent = time.time() - (job.view().started_at or time.time())
        return min(max(self.seconds(job) - spent, spent / 4), max(self._longest - spent, 0.0))
