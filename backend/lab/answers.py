"""The jobs that measure the questions of the lab. All visitors share what was measured with the same settings."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from backend.jobs.cache import JobCache
from backend.jobs.job import Job
from backend.jobs.manager import JobManager
from backend.lab.job import question_job
from backend.lab.questions import Question
from backend.lab.questions.base import Measured
from backend.predictions import PredictionStore

KIND = "lab_question"


class Answers:
    """Measurement jobs, cached by question and settings, and what visitors predicted of them.

    The result of a job is a `Recorded`.
    """

    def __init__(self, jobs: JobManager, size: int = 256) -> None:
        self._cache = JobCache(jobs, KIND, size)
        self.predictions = PredictionStore()

    def request(self, question: Question[Any, Any], settings: Measured, visitor: str, again: bool = False) -> Job:
        """The job that measures `question` with these settings. With `again`, a finished one is repeated."""
        return self._cache.request(subject(question, settings), question_job(question.key, settings), visitor, again)

    def find(self, question: Question[Any, Any], settings: Measured, visitor: str) -> Job | None:
        """The job that measures or has measured it, whoever requested it; None if there is none.

        Failed jobs are visible only to the visitors who requested them.
        """
        return self._cache.find(subject(question, settings), visitor)

    def awaits(self, question: Question[Any, Any], settings: Measured, visitor: str) -> bool:
        """Whether the visitor waits for this measurement."""
        return self._cache.awaits(subject(question, settings), visitor)

    def release(self, question: Question[Any, Any], settings: Measured, visitor: str) -> None:
        """The visitor no longer waits for this measurement. It is cancelled unless somebody else waits for it."""
        self._cache.release(subject(question, settings), visitor)


def subject(question: Question[Any, Any], settings: Measured) -> Hashable:
    """What a prediction and a measurement are about: the question with these settings."""
    return question.key, settings
