"""The request to measure one claim on one experiment."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.payloads import Followed
from backend.questions.base import QuestionJob
from backend.questions.claims import CLAIMS
from backend.questions.claims.base import Claim

#: The family of claims in `Predictions`.
FAMILY = "claim:"


def evidence_key(claim: Claim[Any], experiment: Experiment) -> str:
    """A short key of the claim's evidence: the code contains every setting that the evidence depends on."""
    # A cache would keep a visitor's own table in memory.
    digest = _digest_of_code if experiment.architecture.own is None else _digest_of_code.__wrapped__
    return digest(claim.key, experiment)


def prediction_key(claim: Claim[Any], experiment: Experiment) -> str:
    """A short key of all that the answer to the claim's question depends on."""
    return _digest(evidence_key(claim, experiment), claim.decided_by(experiment))


@lru_cache(maxsize=1024)
def _digest_of_code(key: str, experiment: Experiment) -> str:
    claim, bare = CLAIMS[key], experiment.unlabelled().of_styles()
    if claim.inapplicable_reason(bare):  # there is nothing to measure or to predict
        return "not applicable"
    return _digest(claim.key, claim.code(bare))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


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
    def decided_by(self) -> str:
        """The settings on which the answer depends."""
        return prediction_key(self.definition, self.settings)

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
