"""The job that measures the evidence of a claim."""

from __future__ import annotations

import importlib

from backend.jobs.messages import Phase
from backend.jobs.runtime import Context, Refused
from backend.questions.base import Measured
from backend.questions.claims.job import ClaimJob
from backend.worker.script import run_script


def claim(job: ClaimJob, context: Context) -> Measured:
    """The evidence of the claim, from the variables of the claim's code or from its module.

    Raises `Refused` for a claim that is not measured, and `Cancelled`.
    """
    definition = job.definition
    if not definition.measured:
        raise Refused(f"The claim “{job.claim}” is not measured.")
    context.report(Phase(phase="measuring"))
    if definition.measurement == "code":
        evidence: Measured = run_script(definition.code(job.experiment), definition.evidence, context)
    else:
        module = importlib.import_module(f"backend.worker.claims.{definition.key}")
        evidence = module.measure(job.experiment, context)
    return evidence
