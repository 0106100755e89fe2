"""The request to measure one claim on one experiment."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Annotated, Any

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.followed import Followed
from backend.questions.base import Investigation, Subject, key_of
from backend.questions.claims import CLAIMS
from backend.questions.claims.base import Claim, Verdict, verdict
from backend.questions.claims.settings import evidence_key, prediction_key
from backend.questions.pictures import Picture, Table

#: The family of claims in `Predictions`.
FAMILY = "claim:"


class ClaimJob(Investigation):
    """The payload of a `claim` job: the key of the claim, and the experiment without its labels.

    A claim is measured once for all experiments that give the same evidence. One result is a few kilobytes of numbers.
    """

    kind = "claim"
    page = "claims"
    noun = "Claims"
    usual_seconds = 3.0
    parallel = True
    most_kept = 512

    claim: Annotated[str, key_of(CLAIMS, "claims")]
    experiment: Experiment

    @classmethod
    def of(cls, claim: Claim[Any], experiment: Experiment) -> ClaimJob:
        """The request to measure `claim` on `experiment`."""
        return cls(claim=claim.key, experiment=experiment.unlabelled().of_styles())

    @property
    def largest(self) -> Architecture:
        """The architecture on which the claim is measured."""
        return self.experiment.architecture

    @property
    def key(self) -> Hashable:
        """The claim, and the settings that its evidence depends on."""
        return self.claim, evidence_key(self.definition, self.experiment)

    @property
    def definition(self) -> Claim[Any]:
        """The claim."""
        return CLAIMS[self.claim]

    @property
    def subject(self) -> Subject:
        """The claim, and the settings on which its answer depends."""
        return FAMILY, self.claim, prediction_key(self.definition, self.experiment)

    def refusal(self) -> str | None:
        """Why the claim cannot be tested on this experiment."""
        reason = self.definition.inapplicable_reason(self.experiment)
        return f"This claim cannot be tested here, because {reason}." if reason else None

    def judge(self, result: Any) -> Verdict:
        """The verdict on this experiment."""
        return verdict(self.definition, self.experiment, result)

    def picture(self, result: Any) -> Picture:
        """The picture of the verdict; without one its table, or its finding."""
        judged = self.judge(result)
        return judged.picture or Table(judged.table or [{"finding": judged.finding}])

    def script(self) -> str:
        """The claim's code."""
        return self.definition.code(self.experiment)

    def joins(self, other: Followed) -> bool:
        """Claims are followed as one if one experiment can show both, even if their settings differ."""
        if not isinstance(other, ClaimJob):
            return False
        return (
            self.needed_experiment(other.experiment) == other.experiment
            or other.needed_experiment(self.experiment) == self.experiment
        )

    def needed_experiment(self, experiment: Experiment) -> Experiment:
        """The visitor's `experiment` if it gives the same evidence; else the one of this job."""
        same = evidence_key(self.definition, experiment) == evidence_key(self.definition, self.experiment)
        return experiment if same else self.experiment
