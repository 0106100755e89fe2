"""Jobs whose result is the same for everybody: asked of a worker once, and remembered."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from backend.jobs import Job
from backend.service import jobs

#: Seconds before a job that failed is tried again.
RETRY_AFTER = 30.0


@dataclass
class _Asked:
    job: Job
    visitors: set[str] = field(default_factory=set)  # who waits for it


class Remembered:
    """The last `size` jobs of one kind by what they were asked, and no more than `megabytes` of their results."""

    def __init__(
        self, kind: str, size: int, *, urgent: bool = False, spread: bool = False, megabytes: float = 50
    ) -> None:
        self._kind, self._size, self._bytes = kind, size, megabytes * 2**20
        self._how = {"urgent": urgent, "spread": spread}
        self._asked: OrderedDict[Hashable, _Asked] = OrderedDict()
        self._lock = Lock()

    def ask(self, key: Hashable, payload: dict[str, Any], visitor: str, again: bool = False) -> Job:
        """The job that answers `key`: submitted now with `payload`, or the one that did before.

        `again`: one that has ended is asked anew.
        """
        with self._lock:
            asked = self._asked.get(key)
            if asked is None or _worth_asking_again(asked.job) or (again and asked.job.ended):
                job = jobs.submit(visitor, self._kind, payload, **self._how)
                if job.state == "refused" and asked is not None and asked.job.state == "finished":
                    return job  # what is known stays known
                asked = self._asked[key] = _Asked(job)
            asked.visitors.add(visitor)
            self._asked.move_to_end(key)
            self._forget_oldest()
        return asked.job

    def known(self, key: Hashable) -> Job | None:
        """The job that answers `key`, if there is one."""
        asked = self._asked.get(key)
        return asked.job if asked else None

    def leave(self, key: Hashable, visitor: str) -> None:
        """The visitor waits no longer: the job is cancelled, unless somebody else waits for it."""
        with self._lock:
            asked = self._asked.get(key)
            if asked is None or visitor not in asked.visitors:
                return
            asked.visitors.discard(visitor)
            if not asked.visitors:
                jobs.cancel(asked.job.visitor, asked.job.id)

    def _forget_oldest(self) -> None:
        """What has not ended is kept: somebody waits for it."""
        ended = {key: asked.job.view().size for key, asked in self._asked.items() if asked.job.ended}
        count, size = len(self._asked), sum(ended.values())
        for key, its_size in ended.items():
            if count <= self._size and size <= self._bytes:
                return
            del self._asked[key]
            count, size = count - 1, size - its_size


def _worth_asking_again(job: Job) -> bool:
    view = job.view()
    if view.state == "failed":
        return time.time() - (view.finished_at or 0) > RETRY_AFTER
    return view.state in ("lost", "cancelled", "refused") or view.cancelling
