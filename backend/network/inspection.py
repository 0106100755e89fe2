"""What Keras reports of an architecture. Each model is inspected once and the report is cached for all visitors."""

from __future__ import annotations

from backend.experiment.architecture import Architecture
from backend.experiment.styles import Style
from backend.jobs.cache import JobCache
from backend.jobs.job import Job
from backend.jobs.manager import JobManager
from backend.network.job import InspectJob


class Inspections:
    """Inspection jobs, cached by the source of the model.

    One report is a few kilobytes of text (a graph of 64 heads takes about 60). A page requests it at each rerun.
    """

    def __init__(self, jobs: JobManager, size: int = 256) -> None:
        self._cache = JobCache(jobs, "describe", size, urgent=True, parallel=True, retry_after=30)

    def inspect(self, architecture: Architecture, style: Style, visitor: str) -> Job:
        """The job that builds `architecture` in `style`; its result is an `Inspection`."""
        payload = InspectJob(architecture=architecture.unlabelled(), style=style.key)
        return self._cache.request(style.write(architecture), payload, visitor)

    def release(self, architecture: Architecture, style: Style, visitor: str) -> None:
        """Release an inspection that the visitor no longer needs. It is cancelled if it is queued and only theirs.

        A running inspection is nearly done, so it finishes and is cached.
        """
        key = style.write(architecture)
        job = self._cache.find(key, visitor)
        if job is not None and job.state == "queued":
            self._cache.release(key, visitor)
