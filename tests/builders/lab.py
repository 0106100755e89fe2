"""What the script of a question of `backend/questions/lab` measures."""

from __future__ import annotations

from backend.jobs.runtime import Context
from backend.questions.lab import QUESTIONS
from backend.worker.script import run_script


def measured(key, settings):
    """The evidence of the question, also for fewer seeds than a visitor can choose."""
    question = QUESTIONS[key]
    return run_script(question.script(settings), question.evidence, Context(), settings=settings)
