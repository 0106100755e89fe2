"""The job that measures a question, of whatever family."""

from __future__ import annotations

from backend.jobs.messages import Phase
from backend.jobs.runtime import Context, load
from backend.questions.base import Measured, QuestionJob
from backend.worker.script import run_script


def question(job: QuestionJob, context: Context) -> Measured:
    """The evidence, from the variables of the question's script or from the function that measures it.

    Raises `Cancelled`.
    """
    definition = job.definition
    context.report(Phase(phase="measuring"))
    if not definition.measure:
        evidence: Measured = run_script(job.script(), definition.evidence, context)
        return evidence
    measured: Measured = load(definition.measure)(job, context)
    return measured
