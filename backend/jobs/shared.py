"""Jobs whose result is the same for every visitor: equal requests are computed once, for all of them."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

from backend.jobs.cache import JobCache
from backend.jobs.job import Job
from backend.jobs.manager import JobManager
from backend.jobs.messages import SharedPayload


class SharedJobs:
    """The jobs of all kinds that visitors share, found by their requests. Safe from any thread."""

    def __init__(self, jobs: JobManager) -> None:
        self._jobs = jobs
        self._caches: dict[type[SharedPayload], JobCache] = {}
        self._lock = Lock()

    def request(self, payload: SharedPayload, visitor: str, *, again: bool = False, aside: bool = False) -> Job:
        """The job of an equal request, or a new one. With `again`, one that has ended is replaced.

        With `aside`, the visitor does not follow the job, because the page that requests it shows it.
        """
        waits = aside and self.awaits(payload, visitor)
        job = self._cache(payload).request(payload.key, payload, visitor, again)
        if aside and not waits:
            self._jobs.unfollow(job, visitor)
        return job

    def find_or_request(self, payload: SharedPayload, visitor: str, again: bool = False) -> Job:
        """The job of an equal request; a new one if there is none, or with `again` if it has failed.

        The visitor does not follow a new one, because the page that requests it shows it.
        """
        job = self.find(payload, visitor)
        if job is None or (again and job.ended and job.state != "finished"):
            return self.request(payload, visitor, aside=True)
        return job

    def find(self, payload: SharedPayload, visitor: str) -> Job | None:
        """The job of an equal request, whoever made it; None if there is none.

        Failed jobs are visible only to the visitors who requested them; others see the finished job from before.
        """
        return self._cache(payload).find(payload.key, visitor)

    def result(self, payload: SharedPayload, visitor: str) -> Any:
        """What an equal request has measured; None before that, if it failed, and if it is not kept any more."""
        job = self.find(payload, visitor)
        return job.result if job is not None else None

    def awaits(self, payload: SharedPayload, visitor: str) -> bool:
        """Whether the visitor has requested this job and it has not ended."""
        return self._cache(payload).awaits(payload.key, visitor)

    def release(self, payload: SharedPayload, visitor: str) -> None:
        """Record that the visitor no longer waits for this job, and cancel it unless somebody else waits for it."""
        self._cache(payload).release(payload.key, visitor)

    def discard(self, unwanted: Callable[[Job], bool]) -> None:
        """Evict the `unwanted` jobs and their results, and cancel those that have not ended, for everybody."""
        with self._lock:
            caches = list(self._caches.values())
        for cache in caches:
            cache.discard(unwanted)

    def _cache(self, payload: SharedPayload) -> JobCache:
        kind = type(payload)
        with self._lock:
            if kind not in self._caches:
                self._caches[kind] = JobCache(
                    self._jobs, kind.kind, kind.most_kept, urgent=kind.urgent, parallel=kind.parallel,
                    retry_after=kind.retry_after,
                )  # fmt: skip
            return self._caches[kind]
