"""Evidence for claim 3: outputs of both styles with the same weights, at several batch sizes."""

from __future__ import annotations

from typing import Any

import numpy as np

from backend.experiment import Experiment
from backend.worker.evidence.common import sample, twins
from backend.worker.runtime import Context

BATCHES = (1, 8, 32)


def measure(experiment: Experiment, context: Context) -> dict[str, Any]:
    """`batches`: batch size → largest `difference` of the outputs, and largest `output`."""
    pair = twins(experiment.architecture, experiment.training.seed)
    x, _ = sample(experiment, max(BATCHES))
    rows = {}
    for batch in BATCHES:
        one, other = pair.outputs(x[:batch])
        rows[batch] = {"difference": float(np.abs(one - other).max()), "output": float(np.abs(one).max())}
    return {"batches": rows}
