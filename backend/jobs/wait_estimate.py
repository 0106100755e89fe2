"""How long jobs take and so how long one waits, learned from those that ran."""

from __future__ import annotations

import time
from collections.abc import Iterable

from backend.jobs.job import Job, State

_UNKNOWN = 3.0  # seconds of a job of a kind that has not run yet
_WEIGHT_OF_NEWS = 0.2


class WaitEstimator:
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

    def estimate_wait(self, job: Job | None, running: Iterable[Job], queue: Iterable[Job], workers: int) -> float:
        """Seconds until `job` starts (None: until all have ended).

        That is if `workers` take the queue in its order, and each visitor's jobs one after the other.
        """
        left = {each: self._left(each) for each in running}
        free = sorted(left.values())[-workers:]
        free = [0.0] * (workers - len(free)) + free
        idle = {_line(each): seconds for each, seconds in left.items()}  # when each visitor's last one ends
        for ahead in queue:
            start = min(free)
            if not ahead.parallel:
                start = max(start, idle.get(_line(ahead), 0.0))
            if ahead is job:
                return start
            # The worker that has waited least by then; one that was free before may take another visitor's.
            free.remove(max(seconds for seconds in free if seconds <= start))
            end = start + self._usual.get(ahead.kind, _UNKNOWN)
            free.append(end)
            idle[_line(ahead)] = end
        return max(free)

    def _left(self, job: Job) -> float:
        """One that has taken longer than is usual is taken to be nearly through: a quarter more of what it took."""
        spent = time.time() - (job.view().started_at or time.time())
        return max(self._usual.get(job.kind, _UNKNOWN) - spent, spent / 4)


def _line(job: Job) -> tuple[str, bool]:
    """Whose jobs wait for each other's end."""
    return job.visitor, job.urgent
