"""A claim's evidence as a job."""

from __future__ import annotations

import importlib
from typing import Any

from backend.claims import CLAIMS
from backend.experiment import Experiment
from backend.worker.runtime import Context, Refused


def claim(payload: dict[str, Any], context: Context) -> dict[str, Any]:
    """Measure `payload["claim"]` on `payload["experiment"]`; returns what its evidence module measured."""
    key = payload["claim"]
    if key not in CLAIMS:
        raise Refused(f"There is no claim “{str(key)[:40]}”.")
    context.report({"event": "phase", "phase": "measuring"})
    experiment = Experiment.model_validate(payload["experiment"])
    evidence: dict[str, Any] = importlib.import_module(f"backend.worker.evidence.{key}").measure(experiment, context)
    return evidence
