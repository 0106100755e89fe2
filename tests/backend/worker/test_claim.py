"""Which claims a worker measures."""

import pytest

from backend.claims.job import ClaimJob
from backend.experiment import Experiment
from backend.jobs.runtime import Context, Refused
from backend.worker.claim import claim


@pytest.mark.parametrize("key", ["advisor", "nothing of the kind"])
def test_a_claim_that_is_not_measured_is_refused(key):
    with pytest.raises(Refused, match="There is no claim"):
        claim(ClaimJob(claim=key, experiment=Experiment()), Context())
