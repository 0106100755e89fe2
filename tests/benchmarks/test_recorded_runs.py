"""What is recorded is what a worker computes now."""

import json

import numpy as np
import pytest

from backend.training.recorded import RecordedRun, recorded_runs
from backend.training.result import SIDES
from benchmarks.recorded_runs import train_here, trimmed


@pytest.mark.slow
@pytest.mark.takes("six architectures are traced in Keras")
def test_a_worker_computes_the_recorded_losses_now():
    """Two epochs of each preset, in float32: another processor may round otherwise. Else record again."""
    for each in recorded_runs():
        training = each.experiment.training.model_copy(update={"epochs": 2})
        run = train_here(each.experiment.model_copy(update={"training": training}))
        for now, then in zip(run.epochs, each.run.epochs[:2], strict=True):
            for side in SIDES:
                found, kept = getattr(now, side), getattr(then, side)
                assert found.total == pytest.approx(kept.total, rel=1e-3)
                assert found.val_total == pytest.approx(kept.val_total, rel=1e-3)
                assert found.heads == pytest.approx(kept.heads, rel=1e-3)
        first, kept_first = run.snapshots[0], each.run.snapshots[0]
        for side in SIDES:
            for block, weights in getattr(first, side).items():
                assert np.allclose(weights, getattr(kept_first, side)[block], rtol=1e-2, atol=1e-3), block


def test_what_is_written_can_be_read_again():
    for each in recorded_runs():
        again = RecordedRun.model_validate(json.loads(json.dumps(trimmed(each))))
        assert trimmed(again) == trimmed(each)
