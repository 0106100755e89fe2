"""A claim's evidence as a job."""

from __future__ import annotations

import importlib
from typing import Any

from backend.claims import CLAIMS
from backend.claims.base import Measured
from backend.claims.job import ClaimJob
from backend.jobs.runtime import Context, Refused
from backend.worker.script import run_script


def claim(payload: dict[str, Any], context: Context) -> Measured:
    """The evidence of a `ClaimJob`, from the variables of the claim's code or from its module.

    Raises `Refused` for a claim that does not exist or is not measured, and `Cancelled`.
    """
    job = ClaimJob.model_validate(payload)
    found = CLAIMS.get(job.claim)
    if found is None or not found.measured:
        raise Refused(f"There is no claim “{job.claim[:40]}” to measure.")
    context.report({"event": "phase", "phase": "measuring"})
    if found.measurement == "code":
        evidence: Measured = run_script(found.code(job.experiment), found.evidence, context)
    else:
        module = importlib.import_module(f"backend.worker.claims.{found.key}")
        evidence = module.measure(job.experiment, context)
    return evidence
