"""The job that measures a question of the lab. It imports Keras only for a question that needs it."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from backend.jobs.messages import Phase, Progress
from backend.jobs.runtime import Context
from backend.machine import this_machine
from backend.questions.base import Measured
from backend.questions.lab import QUESTIONS, Question
from backend.questions.lab.base import Progress as Watch
from backend.questions.lab.job import QuestionJob
from backend.questions.lab.recorded import Recorded

#: The smallest share of the work between two reports of progress.
_REPORTED = 0.02


def measure_of(definition: Question[Any, Any]) -> Callable[[Any, Watch], Measured]:
    """The function that measures the question: its own, or with Keras that of `backend.worker.lab_questions`."""
    if definition.measure is not None:
        return definition.measure
    measure: Callable[[Any, Watch], Measured] = import_module(f"backend.worker.lab_questions.{definition.key}").measure
    return measure


def question(job: QuestionJob, context: Context) -> Recorded:
    """The evidence of the question, with this machine. Raises `Cancelled` within a twentieth of the work."""
    definition = QUESTIONS[job.question]
    machine, began = this_machine(), time.process_time()
    context.report(Phase(phase="measuring"))
    reported = 0.0

    def progress(share: float) -> None:
        nonlocal reported
        context.raise_if_cancelled()
        if share >= reported + _REPORTED:
            reported = share
            context.report(Progress(share=float(share)))

    evidence = measure_of(definition)(job.settings, progress)
    return Recorded(
        question=definition.key,
        measured=evidence.model_dump(),
        machine=machine,
        seconds=round(time.process_time() - began, 2),
        recorded_at=time.time(),
    )
