"""What a worker measures of a question of the Lab."""

from __future__ import annotations

from backend.jobs.runtime import Context
from backend.questions.lab import QUESTIONS
from backend.questions.lab.job import LabJob
from backend.worker.lab import measure


def measured(key, settings):
    """The evidence of the question, also for fewer seeds than a visitor can choose."""
    return measure(LabJob.of(QUESTIONS[key], settings), Context())
