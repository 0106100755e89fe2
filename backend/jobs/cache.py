"""A cache of jobs whose result is the same for every visitor: each request is computed once."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from weakref import ref

from backend.jobs.job import Job
from backend.jobs.manager import JobManager
from backend.jobs.messages import Payload


@dataclass
class _CacheEntry:
    job: Job
    waits: dict[str, bool] = field(default_factory=dict)  # by visitor who requested it; False after their release
    #: The finished job that this one is to replace. Weak: its own visitor keeps it as long as they need it.
    before: ref[Job] | None = None

    def failed(self) -> bool:
        return self.job.ended and self.job.state != "finished"


class JobCache:
    """The last `size` jobs of one kind by request key, with at most `megabytes` of results.

    A failed job is submitted again on a request that comes at least `retry_after` seconds later. A page that sends a
    request each time it is drawn needs that delay.

    It is not a `cachetools.LRUCache`, which evicts whatever is oldest and takes the size of an item when it is stored.
    Here a job that somebody waits for must stay, and the size of a job is known only when it has ended.
    """

    def __init__(
        self, jobs: JobManager, kind: str, size: int, *, urgent: bool = False, parallel: bool = False,
        megabytes: float = 50, retry_after: float = 0,
    ) -> None:  # fmt: skip
        self._jobs = jobs
        self._kind, self._size, self._bytes = kind, size, megabytes * 2**20
        self._urgent, self._parallel = urgent, parallel
        self._retry_after = retry_after
        self._entries: OrderedDict[Hashable, _CacheEntry] = OrderedDict()
        self._lock = Lock()

    def request(self, key: Hashable, payload: Payload, visitor: str, again: bool = False) -> Job:
        """The cached job for `key`, or a new one submitted with `payload`.

        With `again`, a job that has ended is replaced by a new one. If the new one fails, the old one stays cached.
        """
        with self._lock:
            entry = self._usable_entry(key)
            if entry is None or self._should_resubmit(entry.job) or (again and entry.job.ended):
                job = self._jobs.submit(visitor, self._kind, payload, self._urgent, self._parallel)
                before = ref(entry.job) if entry is not None and entry.job.state == "finished" else None
                if job.state == "refused" and before is not None:
                    return job
                entry = _CacheEntry(job, before=before)
            elif not entry.job.ended:
                self._jobs.join(entry.job, visitor, payload)
            if entry.job.state != "finished":
                entry.waits[visitor] = True
            self._entries[key] = entry
            self._entries.move_to_end(key)
            self._evict_oldest()
        return entry.job

    def add(self, key: Hashable, finished: Job) -> None:
        """Cache a job that has finished elsewhere."""
        with self._lock:
            self._entries[key] = _CacheEntry(finished)
            self._entries.move_to_end(key)
            self._evict_oldest()

    def find(self, key: Hashable, visitor: str) -> Job | None:
        """The job for `key`, whoever requested it; None if there is none.

        Failed jobs are visible only to the visitors who requested them. Others see the finished job that the failed one
        was to replace.
        """
        entry = self._entries.get(key)
        if entry is not None and entry.failed() and visitor not in entry.waits:
            return entry.before() if entry.before is not None else None
        return entry.job if entry is not None else None

    def awaits(self, key: Hashable, visitor: str) -> bool:
        """Whether the visitor has requested this job and it has not ended."""
        entry = self._entries.get(key)
        return entry is not None and entry.waits.get(visitor, False) and not entry.job.ended

    def release(self, key: Hashable, visitor: str) -> None:
        """Record that the visitor no longer waits for this job, and cancel it unless somebody else waits for it."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or visitor not in entry.waits:
                return
            entry.waits[visitor] = False
            self._jobs.unfollow(entry.job, visitor)
            if not any(entry.waits.values()):
                self._jobs.cancel(entry.job.visitor, entry.job.id)

    def discard(self, unwanted: Callable[[Job], bool]) -> None:
        """Evict the `unwanted` jobs and their results, and cancel those that have not ended, for everybody."""
        with self._lock:
            gone = [key for key, entry in self._entries.items() if unwanted(entry.job)]
            for key in gone:
                job = self._entries.pop(key).job
                self._jobs.cancel(job.visitor, job.id)
                self._jobs.evict(job)

    def _usable_entry(self, key: Hashable) -> _CacheEntry | None:
        """The entry of `key`; if its job failed, one for the finished job that it was to replace, if there is one."""
        entry = self._entries.get(key)
        if entry is not None and entry.failed() and entry.before is not None:
            before = entry.before()
            if before is not None:
                return _CacheEntry(before)
        return entry

    def _evict_oldest(self) -> None:
        """Evict ended jobs only: somebody waits for the others."""
        ended = {key: entry.job.view().size for key, entry in self._entries.items() if entry.job.ended}
        count, size = len(self._entries), sum(ended.values())
        for key, entry_size in ended.items():
            if count <= self._size and size <= self._bytes:
                return
            del self._entries[key]
            count, size = count - 1, size - entry_size

    def _should_resubmit(self, job: Job) -> bool:
        view = job.view()
        if view.state == "failed":
            return time.time() - (view.finished_at or 0) >= self._retry_after
        if view.state == "finished":
            return view.stored_result is None  # the registry has evicted its large result
        return view.ended or view.cancelling
