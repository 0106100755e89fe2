"""Jobs whose result is the same for everybody: asked of a worker once, and remembered."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from weakref import ref

from backend.jobs import Job
from backend.services import jobs


@dataclass
class _CacheEntry:
    job: Job
    waits: dict[str, bool] = field(default_factory=dict)  # by visitor who asked; False once they have left
    #: The finished one that this one is to replace. Weak: it is kept as long as its visitor has it anyway.
    before: ref[Job] | None = None

    def failed(self) -> bool:
        return self.job.ended and self.job.state != "finished"


class JobCache:
    """The last `size` jobs of one kind by what they were asked, and no more than `megabytes` of their results.

    One that failed is asked anew by whoever wants it `retry_after` seconds later: for what a page asks by itself, each
    time it is drawn.
    """

    def __init__(
        self, kind: str, size: int, *, urgent: bool = False, parallel: bool = False, megabytes: float = 50,
        retry_after: float = 0,
    ) -> None:  # fmt: skip
        self._kind, self._size, self._bytes = kind, size, megabytes * 2**20
        self._how = {"urgent": urgent, "parallel": parallel}
        self._retry_after = retry_after
        self._entries: OrderedDict[Hashable, _CacheEntry] = OrderedDict()
        self._lock = Lock()

    def ask(self, key: Hashable, payload: dict[str, Any], visitor: str, again: bool = False) -> Job:
        """The job that answers `key`: submitted now with `payload`, or the one that did before.

        `again`: one that has ended is asked anew; where nothing comes of that, the one before it stays known.
        """
        with self._lock:
            asked = self._found(key)
            if asked is None or self._worth_asking_again(asked.job) or (again and asked.job.ended):
                job = jobs.submit(visitor, self._kind, payload, **self._how)
                before = ref(asked.job) if asked is not None and asked.job.state == "finished" else None
                if job.state == "refused" and before is not None:
                    return job
                asked = _CacheEntry(job, before=before)
            elif not asked.job.ended:
                jobs.join(asked.job, visitor)
            if asked.job.state != "finished":
                asked.waits[visitor] = True
            self._entries[key] = asked
            self._entries.move_to_end(key)
            self._forget_oldest()
        return asked.job

    def known(self, key: Hashable, visitor: str) -> Job | None:
        """The job that answers `key`, or is about to, whoever asked; None if nobody did.

        One that came to nothing is only theirs who asked for it.
        """
        asked = self._entries.get(key)
        if asked is None or (asked.failed() and visitor not in asked.waits):
            return None
        return asked.job

    def awaited(self, key: Hashable, visitor: str) -> bool:
        """Whether the visitor waits for it."""
        asked = self._entries.get(key)
        return asked is not None and asked.waits.get(visitor, False) and not asked.job.ended

    def leave(self, key: Hashable, visitor: str) -> None:
        """The visitor waits no longer: the job is cancelled, unless somebody else waits for it."""
        with self._lock:
            asked = self._entries.get(key)
            if asked is None or visitor not in asked.waits:
                return
            asked.waits[visitor] = False
            if not any(asked.waits.values()):
                jobs.cancel(asked.job.visitor, asked.job.id)

    def _found(self, key: Hashable) -> _CacheEntry | None:
        asked = self._entries.get(key)
        if asked is not None and asked.failed() and asked.before is not None:
            before = asked.before()
            if before is not None:
                return _CacheEntry(before)
        return asked

    def _forget_oldest(self) -> None:
        """What has not ended is kept: somebody waits for it."""
        ended = {key: asked.job.view().size for key, asked in self._entries.items() if asked.job.ended}
        count, size = len(self._entries), sum(ended.values())
        for key, its_size in ended.items():
            if count <= self._size and size <= self._bytes:
                return
            del self._entries[key]
            count, size = count - 1, size - its_size

    def _worth_asking_again(self, job: Job) -> bool:
        view = job.view()
        if view.state == "failed":
            return time.time() - (view.finished_at or 0) >= self._retry_after
        if view.state == "finished":
            return view.kept is None  # too large to be kept for so long
        return view.ended or view.cancelling
