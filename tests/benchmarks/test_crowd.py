"""What the crowd of `make flood` trains: the largest experiment that a server accepts, and one that it refuses."""

from __future__ import annotations

from backend.config.settings import Settings
from backend.limits import too_large as refusal
from backend.training.job import TrainJob
from benchmarks.crowd import largest, too_large


def test_the_largest_training_is_accepted_and_one_of_hours_is_not() -> None:
    settings = Settings(workers=1)
    assert refusal(TrainJob(experiment=largest()), settings) is None
    assert "runs here are stopped after 10 minutes" in (refusal(TrainJob(experiment=too_large()), settings) or "")
