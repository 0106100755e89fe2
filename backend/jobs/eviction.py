"""Decides which ended jobs the registry keeps for their visitors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from backend.jobs.compression import Compressed
from backend.jobs.job import Job

#: The most bytes of a result that an evicted job keeps while a page holds the job.
_SMALL_RESULT = 2**20


@dataclass(frozen=True)
class RetentionLimits:
    """The most that is kept: ended jobs of a kind for a visitor, ended jobs of all, and the bytes of their results."""

    per_visitor: int
    in_all: int
    bytes: int

    def evict(self, jobs: Iterable[Job]) -> list[Job]:
        """Return those of `jobs` to evict, and drop their results if these are large, even if a page holds the job."""
        # Ordered by their end: a job that waited or ran for long was submitted long before others that ended before it.
        ended = sorted((job for job in jobs if job.ended), key=lambda job: job.view().finished_at or 0)
        counts: Counter[tuple[str, str]] = Counter()
        size, evicted = 0, []
        for age, job in enumerate(reversed(ended)):
            view = job.view()
            counts[job.visitor, job.kind] += 1
            size += view.size
            too_many = age >= self.in_all or counts[job.visitor, job.kind] > self.per_visitor
            if too_many or (age and size > self.bytes):
                evicted.append(job)
                events = len(view.stored_events.data) if isinstance(view.stored_events, Compressed) else 0
                if view.size - events > _SMALL_RESULT:
                    job.replace_view(replace(view, stored_result=None, size=events))
        return evicted
