"""The job that measures a question, of whatever family."""

from __future__ import annotations

from pydantic import BaseModel

from backend.jobs.messages import Phase
from backend.jobs.runtime import Context, load
from backend.questions.base import QuestionJob
from backend.worker.script import run_script


def question(job: QuestionJob, context: Context) -> BaseModel:
    """The evidence, from the variables of the question's script or from the function that measures it.

    Raises `Cancelled`.
    """
    definition = job.definition
    if definition.measure:
        measured: BaseModel = load(definition.measure)(job, context)
        return measured
    context.report(Phase(phase="measuring"))
    evidence: BaseModel = run_script(job.script(), definition.evidence, context)
    return evidence
