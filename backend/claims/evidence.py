"""Evidence for the claims, asked of the workers once for each experiment and remembered for every visitor."""

from __future__ import annotations

from backend.claims.base import Claim
from backend.claims.job import ClaimJob
from backend.experiment import Experiment
from backend.jobs import Job
from backend.jobs.cache import JobCache

KIND = "claim"

#: Pieces of evidence remembered; one is a few kilobytes of numbers.
_evidence = JobCache(KIND, 512, parallel=True)


def ask(claim: Claim, experiment: Experiment, visitor: str) -> Job:
    """The job that measures `claim` on `experiment`."""
    payload = ClaimJob(claim=claim.key, experiment=experiment.unlabelled()).model_dump(mode="json")
    return _evidence.ask((claim.key, experiment.key()), payload, visitor)


def leave(claim: Claim, experiment: Experiment, visitor: str) -> None:
    """The visitor waits no longer for this; where nobody does, it is not measured."""
    _evidence.leave((claim.key, experiment.key()), visitor)


def known(claim: Claim, experiment: Experiment, visitor: str) -> Job | None:
    """The job that measured `claim` on `experiment`, or is about to, whoever asked.

    One that came to nothing is only theirs who asked for it.
    """
    return _evidence.known((claim.key, experiment.key()), visitor)


def awaited(claim: Claim, experiment: Experiment, visitor: str) -> bool:
    """Whether the visitor waits for it."""
    return _evidence.awaited((claim.key, experiment.key()), visitor)
