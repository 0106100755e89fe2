"""Estimates how long a job will wait, from how long finished jobs took."""

from __future__ import annotations

import time
from collections.abc import Iterable

from backend.jobs.job import Job, State

_UNKNOWN = 3.0  # seconds of a job of a kind that has not run yet
_SMOOTHING = 0.2  # the weight of the newest job in the moving average


class WaitEstimator:
    """A moving average of the seconds that each kind of job takes. Not locked: its owner, the registry, is."""

    def __init__(self) -> None:
        self._average: dict[str, float] = {}

    def learn(self, job: Job, state: State) -> None:
        """A job has just ended in `state`."""
        started = job.view().started_at
        if state == "finished" and started is not None:
            took = time.time() - started
            average = self._average.get(job.kind, took)
            self._average[job.kind] = average + _SMOOTHING * (took - average)

    def estimate_wait(self, job: Job | None, running: Iterable[Job], queue: Iterable[Job], workers: int) -> float:
        """Seconds until `job` starts (None: until all jobs have ended).

        It assumes that `workers` take the queue in its order, and each visitor's jobs one after the other.
        """
        left = {each: self._left(each) for each in running}
        free = sorted(left.values())[-workers:]
        free = [0.0] * (workers - len(free)) + free
        idle = {_line(each): seconds for each, seconds in left.items()}  # when each visitor's last job ends
        for ahead in queue:
            start = min(free)
            if not ahead.parallel:
                start = max(start, idle.get(_line(ahead), 0.0))
            if ahead is job:
                return start
            # The worker that has been idle for the shortest time; one that was free earlier may serve another visitor.
            free.remove(max(seconds for seconds in free if seconds <= start))
            end = start + self._average.get(ahead.kind, _UNKNOWN)
            free.append(end)
            idle[_line(ahead)] = end
        return max(free)

    def _left(self, job: Job) -> float:
        """Seconds that a running job still needs. A job that exceeds its average needs a quarter of its time more."""
        spent = time.time() - (job.view().started_at or time.time())
        return max(self._average.get(job.kind, _UNKNOWN) - spent, spent / 4)


def _line(job: Job) -> tuple[str, bool]:
    """Jobs with equal lines run one after the other."""
    return job.visitor, job.urgent
