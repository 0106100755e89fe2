"""The request to measure one claim on one experiment."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.followed import Followed
from backend.questions.base import QuestionJob, Subject
from backend.questions.claims import CLAIMS
from backend.questions.claims.base import Claim
from backend.questions.claims.settings import evidence_key, prediction_key

#: The family of claims in `Predictions`.
FAMILY = "claim:"


class ClaimJob(QuestionJob):
    """The payload of a `claim` job: the key of the claim, and the experiment without its labels.

    A claim is measured once for all experiments that give the same evidence. One result is a few kilobytes of numbers.
    """

    kind = "claim"
    page = "claims"
    noun = "Claims"
    usual_seconds = 3.0
    parallel = True
    most_kept = 512
    family = CLAIMS

    settings: Experiment

    @classmethod
    def of(cls, claim: Claim[Any], experiment: Experiment) -> ClaimJob:
        """The request to measure `claim` on `experiment`."""
        return cls(question=claim.key, settings=experiment.unlabelled().of_styles())

    @property
    def largest(self) -> Architecture:
        """The architecture on which the claim is measured."""
        return self.settings.architecture

    @property
    def key(self) -> Hashable:
        """The claim, and the settings that its evidence depends on."""
        return self.question, evidence_key(self.definition, self.settings)

    @property
    def definition(self) -> Claim[Any]:
        """The claim."""
        return CLAIMS[self.question]

    @property
    def subject(self) -> Subject:
        """The claim, and the settings on which its answer depends."""
        return FAMILY, self.question, prediction_key(self.definition, self.settings)

    def refusal(self) -> str | None:
        """Why the claim cannot be tested on this experiment."""
        reason = self.definition.inapplicable_reason(self.settings)
        return f"This claim cannot be tested here, because {reason}." if reason else None

    def joins(self, other: Followed) -> bool:
        """Claims are followed as one if one experiment can show both, even if their settings differ."""
        if not isinstance(other, ClaimJob):
            return False
        return (
            self.needed_experiment(other.settings) == other.settings
            or other.needed_experiment(self.settings) == self.settings
        )

    def needed_experiment(self, experiment: Experiment) -> Experiment:
        """The visitor's `experiment` if it gives the same evidence; else the one of this job."""
        same = evidence_key(self.definition, experiment) == evidence_key(self.definition, self.settings)
        return experiment if same else self.settings
