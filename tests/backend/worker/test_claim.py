"""Which claims a worker measures."""

import pytest
from pydantic import ValidationError

from backend.claims.job import ClaimJob
from backend.experiment import Experiment
from backend.jobs.runtime import Context, Refused
from backend.worker.claim import claim


def test_a_claim_that_is_not_measured_is_refused():
    with pytest.raises(Refused, match="is not measured"):
        claim(ClaimJob(claim="advisor", experiment=Experiment()), Context())


def test_what_is_no_claim_makes_no_payload():
    with pytest.raises(ValidationError, match="the claims are parameters, "):
        ClaimJob(claim="nothing of the kind", experiment=Experiment())
