"""Jobs whose result is the same for everybody: asked of a worker once, and remembered."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any

from backend.jobs import Job
from backend.service import jobs

#: Seconds before a job that failed is tried again.
RETRY_AFTER = 30.0


class Remembered:
    """The last `size` jobs of one kind by what they were asked."""

    def __init__(self, kind: str, size: int, urgent: bool = False) -> None:
        self._kind, self._size, self._urgent = kind, size, urgent
        self._asked: OrderedDict[Hashable, Job] = OrderedDict()
        self._lock = Lock()

    def ask(self, key: Hashable, payload: dict[str, Any], visitor: str) -> Job:
        """The job that answers `key`: submitted now with `payload`, or the one that did before."""
        with self._lock:
            job = self._asked.get(key)
            if job is None or _worth_asking_again(job):
                job = self._asked[key] = jobs.submit(visitor, self._kind, payload, urgent=self._urgent)
            self._asked.move_to_end(key)
            while len(self._asked) > self._size:
                self._asked.popitem(last=False)
        return job

    def known(self, key: Hashable) -> Job | None:
        """The job that answers `key`, if there is one."""
        return self._asked.get(key)


def _worth_asking_again(job: Job) -> bool:
    view = job.view()
    if view.state == "failed":
        return time.time() - (view.finished_at or 0) > RETRY_AFTER
    return view.state in ("lost", "cancelled")
