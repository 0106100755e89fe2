"""The jobs that execute the scripts of the mistakes. Each is computed once and shared by all visitors."""

from __future__ import annotations

from typing import Any, Protocol

from backend.jobs.cache import JobCache
from backend.jobs.job import Job
from backend.jobs.manager import JobManager
from backend.mistakes.base import Mistake
from backend.mistakes.job import MistakeJob

KIND = "mistake"


class Predictions(Protocol):
    """Where the visitors' predictions are kept, by subject."""

    def predict(self, subject: tuple[str, ...], visitor: str, option: str | None) -> None:
        """Keep the prediction; None takes it back."""

    def predicted(self, subject: tuple[str, ...], visitor: str) -> str | None:
        """The prediction; None where there is none."""


class MistakeJobs:
    """The jobs, cached by mistake, and what visitors predicted of them. The result of a job is an `Evidence`."""

    def __init__(self, jobs: JobManager, predictions: Predictions, size: int = 64) -> None:
        self._cache = JobCache(jobs, KIND, size, urgent=True)
        self._predictions = predictions

    def request(self, mistake: Mistake[Any], visitor: str) -> Job:
        """The job that executes both scripts of `mistake`."""
        return self._cache.request(mistake.key, MistakeJob(mistake=mistake.key), visitor)

    def find(self, mistake: Mistake[Any], visitor: str) -> Job | None:
        """The job that executes or has executed them, whoever requested it; None if there is none.

        Failed jobs are visible only to the visitors who requested them.
        """
        return self._cache.find(mistake.key, visitor)

    def awaits(self, mistake: Mistake[Any], visitor: str) -> bool:
        """Whether the visitor waits for the job."""
        return self._cache.awaits(mistake.key, visitor)

    def release(self, mistake: Mistake[Any], visitor: str) -> None:
        """The visitor no longer waits for the job. It is cancelled unless somebody else waits for it."""
        self._cache.release(mistake.key, visitor)

    def predict(self, mistake: Mistake[Any], visitor: str, option: str | None) -> None:
        """Keep the visitor's prediction, one of the mistake's options; None takes it back.

        Raises ValueError for another option.
        """
        if option is not None and option not in mistake.options:
            raise ValueError(f"mistake {mistake.number} has no option “{option[:40]}”")
        self._predictions.predict(_subject(mistake), visitor, option)

    def predicted(self, mistake: Mistake[Any], visitor: str) -> str | None:
        """The visitor's prediction; None where there is none, or where the mistake no longer has that option."""
        found = self._predictions.predicted(_subject(mistake), visitor)
        return found if found in mistake.options else None


def _subject(mistake: Mistake[Any]) -> tuple[str, ...]:
    """No lesson has an id with a colon."""
    return ("mistake:", mistake.key)
