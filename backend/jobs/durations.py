"""How long jobs take and so how long one waits, learned from those that ran."""

from __future__ import annotations

import time
from collections.abc import Iterable

from backend.jobs.job import Job, State

_UNKNOWN = 3.0  # seconds of a job of a kind that has not run yet
_WEIGHT_OF_NEWS = 0.2


class Durations:
    """The usual seconds of each kind of job. Not locked: its owner, the board, is."""

    def __init__(self) -> None:
        self._usual: dict[str, float] = {}

    def learn(self, job: Job, state: State) -> None:
        """A job has just ended."""
        started = job.view().started_at
        if state == "finished" and started is not None:
            took = time.time() - started
            usual = self._usual.get(job.kind, took)
            self._usual[job.kind] = usual + _WEIGHT_OF_NEWS * (took - usual)

    def until(self, job: Job | None, running: Iterable[Job], queue: Iterable[Job], workers: int) -> float:
        """Seconds until `job` starts (None: until all have ended), if `workers` take the queue in its order."""
        free = sorted(self._left(each) for each in running)[-workers:]
        free = [0.0] * (workers - len(free)) + free
        for ahead in queue:
            free.sort()
            if ahead is job:
                return free[0]
            free[0] += self._usual.get(ahead.kind, _UNKNOWN)
        return max(free)

    def _left(self, job: Job) -> float:
        spent = time.time() - (job.view().started_at or time.time())
        return max(self._usual.get(job.kind, _UNKNOWN) - spent, 0.0)
