"""The job that measures a question of the lab: a worker executes the script that the page shows."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from backend.jobs.messages import Phase, Progress
from backend.jobs.runtime import Context
from backend.machine import this_machine
from backend.questions.lab.base import LabEvidence
from backend.questions.lab.job import LabJob
from backend.questions.lab.recorded import Recorded
from backend.worker.script import run_script

#: The least seconds between two reports of progress.
_REPORTED = 0.5


def question(job: LabJob, context: Context) -> Recorded:
    """The evidence of the question, with this machine. Raises `Cancelled` soon after a `print` of the script."""
    machine, began, clock = this_machine(), time.process_time(), time.perf_counter
    started = reported = clock()
    expected = job.definition.seconds(job.settings)
    context.report(Phase(phase="measuring"))

    def report() -> None:
        nonlocal reported
        if clock() >= reported + _REPORTED:
            reported = clock()
            context.report(Progress(share=min((reported - started) / expected, 0.99)))

    evidence = measure(job, context, report)
    return Recorded(
        question=job.question,
        measured=evidence.model_dump(),
        machine=machine,
        seconds=round(time.process_time() - began, 2),
        recorded_at=time.time(),
    )


def measure(job: LabJob, context: Context, told: Callable[[], Any] = lambda: None) -> LabEvidence:
    """The evidence, from the variables of the script. `told` is called at each of its `print`s."""
    evidence: type[LabEvidence] = job.definition.evidence
    return run_script(job.script(), evidence, context, told=told, file=job.recording, settings=job.settings)
