"""The request to measure one claim on one experiment."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.jobs.messages import Payload


class ClaimJob(Payload):
    """The payload of a `claim` job: the key of the claim, and the experiment without its labels."""

    claim: str
    experiment: Experiment

    @property
    def architecture(self) -> Architecture:
        """The architecture on which the claim is measured."""
        return self.experiment.architecture
