"""The request to measure one claim on one experiment."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.architecture import Frozen


class ClaimJob(Frozen):
    """The payload of a `claim` job: the key of the claim, and the experiment without its labels."""

    claim: str
    experiment: Experiment
