"""The steps that a visitor takes one by one are those of a run."""

import numpy as np
import pytest

from backend.training.steps import StepsJob, in_all, in_epoch
from backend.worker.steps import steps
from tests.backend.worker.trainings import ALL_LOSSES, Recorder, curve, experiment, head_curves, run

pytestmark = pytest.mark.slow


def taken(setting, context=None):
    return steps(StepsJob.of(setting), context or Recorder())


@pytest.mark.parametrize(
    "changes",
    [
        {"samples": 100, "validation": 0},  # its last batch has 4 sequences
        pytest.param({"heads": ALL_LOSSES, "left": "functional", "right": "subclassing"}, marks=pytest.mark.soak),
        {"combine": "uw", "samples": 40, "optimizer": "adam"},
        pytest.param({"combine": "pcgrad", "samples": 40, "optimizer": "adam"}, marks=pytest.mark.soak),
    ],
)
def test_the_steps_of_an_epoch_end_where_a_run_does_to_the_bit(changes):
    setting = experiment(epochs=1, **changes)
    result, found = run(setting), taken(setting)
    assert len(found.losses) == in_all(setting) == in_epoch(setting)
    for epoch, at in ((0, 0), (1, -1)):
        snapshot = found.weights[at]
        for side in ("left", "right"):
            for key, block in getattr(result.snapshots[epoch], side).items():
                np.testing.assert_array_equal(getattr(snapshot, side)[key], block)
    size, _ = setting.training.split(setting.sequences.samples)
    sizes = [min(setting.training.batch, size - start) for start in range(0, size, setting.training.batch)]
    for at, side in enumerate(("left", "right")):
        means = np.average(found.losses[:, at], axis=0, weights=sizes)
        heads = head_curves(result, side).values()
        np.testing.assert_allclose(means, [curve(result, side)[0], *(values[0] for values in heads)], rtol=1e-5)
