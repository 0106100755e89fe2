"""Jobs whose result is the same for every visitor: equal requests are computed once, for all of them."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

from backend.jobs.job import Job
from backend.jobs.manager import JobManager
from backend.jobs.messages import SharedPayload


@dataclass
class _Entry:
    job: Job
    waits: dict[str, bool] = field(default_factory=dict)  # by visitor who requested it; False after their release
    before: Job | None = None  # the finished job that this one is to replace

    def has_failed(self) -> bool:
        return self.job.ended and self.job.state != "finished"

    def should_resubmit(self, retry_after: float) -> bool:
        view = self.job.view()
        if view.state == "failed":
            return time.time() - (view.finished_at or 0) >= retry_after
        if view.state == "finished":
            return view.stored_result is None  # the registry has evicted its large result
        return view.ended or view.cancelling


class SharedJobs:
    """A cache of the jobs that visitors share, found by their requests. Safe from any thread.

    Of each kind, it keeps the last `most_kept` jobs, with at most `megabytes` of results. It is not a
    `cachetools.LRUCache`, which evicts whatever is oldest and takes the size of an item when it is stored. Here a job
    that somebody waits for must stay, and the size of a job is known only when it has ended.
    """

    def __init__(self, jobs: JobManager, megabytes: float = 50) -> None:
        self._jobs = jobs
        self._bytes = megabytes * 2**20
        self._kinds: dict[str, OrderedDict[Hashable, _Entry]] = {}  # the entries of each kind, by key
        self._lock = RLock()

    def request(self, payload: SharedPayload, visitor: str, *, again: bool = False, aside: bool = False) -> Job:
        """The job of an equal request, or a new one.

        With `again`, a job that has ended is replaced by a new one. If the new one fails, the old one stays cached.
        A failed job is submitted again on a request that comes at least `retry_after` seconds later: a page may send
        one each time it is drawn. With `aside`, the visitor does not follow the job, because the page that requests it
        shows it.
        """
        with self._lock:
            waited = self.awaits(payload, visitor)
            entry = self._entry(payload)
            if entry is not None and entry.has_failed() and entry.before is not None:
                entry = _Entry(entry.before)
            if entry is None or entry.should_resubmit(payload.retry_after) or (again and entry.job.ended):
                job = self._jobs.submit(visitor, payload.kind, payload, payload.urgent, payload.parallel)
                before = entry.job if entry is not None and entry.job.state == "finished" else None
                if job.state == "refused" and before is not None:
                    return job
                entry = _Entry(job, before=before)
            elif not entry.job.ended:
                self._jobs.join(entry.job, visitor, payload)
            if entry.job.state != "finished":
                entry.waits[visitor] = True
            self._put(payload, entry)
            if aside and not waited:
                self._jobs.registry.unfollow(entry.job, visitor)
            return entry.job

    def find_or_request(self, payload: SharedPayload, visitor: str, again: bool = False) -> Job:
        """The job of an equal request; a new one if there is none, or with `again` if it has failed.

        The visitor does not follow a new one, because the page that requests it shows it.
        """
        job = self.find(payload, visitor)
        if job is None or (again and job.ended and job.state != "finished"):
            return self.request(payload, visitor, aside=True)
        return job

    def add(self, payload: SharedPayload, finished: Job) -> None:
        """Cache a job that has finished elsewhere."""
        with self._lock:
            self._put(payload, _Entry(finished))

    def find(self, payload: SharedPayload, visitor: str) -> Job | None:
        """The job of an equal request, whoever made it; None if there is none.

        Failed jobs are visible only to the visitors who requested them. Others see the finished job that the failed one
        was to replace.
        """
        entry = self._entry(payload)
        if entry is not None and entry.has_failed() and visitor not in entry.waits:
            return entry.before
        return entry.job if entry is not None else None

    def result(self, payload: SharedPayload, visitor: str) -> Any:
        """What an equal request has measured; None before that, if it failed, and if it is not kept any more."""
        job = self.find(payload, visitor)
        return job.result if job is not None else None

    def awaits(self, payload: SharedPayload, visitor: str) -> bool:
        """Whether the visitor has requested this job and it has not ended."""
        entry = self._entry(payload)
        return entry is not None and entry.waits.get(visitor, False) and not entry.job.ended

    def release(self, payload: SharedPayload, visitor: str) -> None:
        """Record that the visitor no longer waits for this job, and cancel it unless somebody else waits for it."""
        with self._lock:
            entry = self._entry(payload)
            if entry is None or visitor not in entry.waits:
                return
            entry.waits[visitor] = False
            self._jobs.registry.unfollow(entry.job, visitor)
            if not any(entry.waits.values()):
                self._jobs.cancel(entry.job.visitor, entry.job.id)

    def discard(self, unwanted: Callable[[Job], bool]) -> None:
        """Evict the `unwanted` jobs and their results, and cancel those that have not ended, for everybody."""
        with self._lock:
            for entries in self._kinds.values():
                for key in [key for key, entry in entries.items() if unwanted(entry.job)]:
                    job = entries.pop(key).job
                    self._jobs.cancel(job.visitor, job.id)
                    self._jobs.registry.evict(job)

    def _entry(self, payload: SharedPayload) -> _Entry | None:
        entries = self._kinds.get(payload.kind)
        return entries.get(payload.key) if entries is not None else None

    def _put(self, payload: SharedPayload, entry: _Entry) -> None:
        """Store `entry` as the latest of its kind, and evict the oldest jobs that have ended."""
        entries = self._kinds.setdefault(payload.kind, OrderedDict())
        entries[payload.key] = entry
        entries.move_to_end(payload.key)
        ended = {key: each.job.view().size for key, each in entries.items() if each.job.ended}
        count, size = len(entries), sum(ended.values())
        for key, entry_size in ended.items():
            if count <= payload.most_kept and size <= self._bytes:
                return
            del entries[key]
            count, size = count - 1, size - entry_size
