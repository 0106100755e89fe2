"""The job that measures a question of the lab. It needs no Keras."""

from __future__ import annotations

import time

from backend.jobs.messages import Phase, Progress
from backend.jobs.runtime import Context
from backend.lab.job import QuestionJob
from backend.lab.questions import QUESTIONS
from backend.lab.recorded import Recorded
from backend.machine import this_machine

#: The least part of the work between two reports of progress.
_REPORTED = 0.02


def question(job: QuestionJob, context: Context) -> Recorded:
    """The evidence of the question, with this machine. Raises `Cancelled` within a twentieth of the work."""
    asked = QUESTIONS[job.asked.question]
    machine, began = this_machine(), time.process_time()
    context.report(Phase(phase="measuring"))
    reported = 0.0

    def progress(share: float) -> None:
        nonlocal reported
        context.raise_if_cancelled()
        if share >= reported + _REPORTED:
            reported = share
            context.report(Progress(share=float(share)))

    evidence = asked.measure(job.asked.settings, progress)
    return Recorded(
        question=asked.key,
        measured=evidence.model_dump(),
        machine=machine,
        seconds=round(time.process_time() - began, 2),
        recorded_at=time.time(),
    )
