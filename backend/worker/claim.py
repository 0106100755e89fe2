"""A claim's evidence as a job."""

from __future__ import annotations

import importlib
from typing import Any

from backend.claims import CLAIMS
from backend.claims.base import Evidence, Measured
from backend.claims.job import ClaimJob
from backend.jobs.runtime import Context, Refused
from backend.worker.script import run_script


def claim(payload: dict[str, Any], context: Context) -> Measured | Evidence:
    """The evidence of a `ClaimJob`: from the variables of the claim's code, or from its evidence module."""
    asked = ClaimJob.model_validate(payload)
    if asked.claim not in CLAIMS:
        raise Refused(f"There is no claim “{asked.claim[:40]}”.")
    context.report({"event": "phase", "phase": "measuring"})
    found = CLAIMS[asked.claim]
    if found.evidence is not None:
        return run_script(found.code(asked.experiment), found.evidence, context)
    module = importlib.import_module(f"backend.worker.claims.{asked.claim}")
    evidence: Evidence = module.measure(asked.experiment, context)
    return evidence
