"""The jobs that measure the claims. A claim is measured once for all experiments that give the same evidence, and all
visitors share it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from backend.claims.base import Claim
from backend.claims.job import ClaimJob
from backend.claims.settings import evidence_key
from backend.experiment import Experiment
from backend.jobs.cache import JobCache
from backend.jobs.job import Job
from backend.jobs.manager import JobManager

KIND = "claim"


class ClaimEvidence:
    """Measurement jobs, cached by claim and the settings it depends on. One result is a few kilobytes of numbers."""

    def __init__(self, jobs: JobManager, size: int = 512) -> None:
        self._jobs = jobs
        self._cache = JobCache(jobs, KIND, size, parallel=True)

    def request(self, claim: Claim[Any], experiment: Experiment, visitor: str) -> Job:
        """The job that measures `claim` on `experiment`."""
        payload = ClaimJob(claim=claim.key, experiment=experiment.unlabelled())
        return self._cache.request(_key(claim, experiment), payload, visitor)

    def request_aside(self, claim: Claim[Any], experiment: Experiment, visitor: str) -> Job:
        """The same job for a page that shows it itself: it is no activity of the visitor's."""
        waits = self.awaits(claim, experiment, visitor)
        job = self.request(claim, experiment, visitor)
        if not waits:
            self._jobs.unfollow(job, visitor)
        return job

    def find(self, claim: Claim[Any], experiment: Experiment, visitor: str) -> Job | None:
        """The job that measures or has measured `claim` on `experiment`, whoever requested it; None if there is none.

        Failed jobs are visible only to the visitors who requested them.
        """
        return self._cache.find(_key(claim, experiment), visitor)

    def awaits(self, claim: Claim[Any], experiment: Experiment, visitor: str) -> bool:
        """Whether the visitor waits for this measurement."""
        return self._cache.awaits(_key(claim, experiment), visitor)

    def release(self, claim: Claim[Any], experiment: Experiment, visitor: str) -> None:
        """The visitor no longer waits for this measurement. It is cancelled unless somebody else waits for it."""
        self._cache.release(_key(claim, experiment), visitor)


def _key(claim: Claim[Any], experiment: Experiment) -> Hashable:
    return claim.key, evidence_key(claim, experiment)
