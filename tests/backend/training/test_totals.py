"""Which total is lower, and whether that means anything."""

import pytest

from backend.experiment.url import read_query
from backend.training.finding import lower_total
from backend.training.loss_ratio import comparability
from backend.training.result import Epoch, Losses
from tests.builders.losses import FALLING, epochs, experiment


@pytest.mark.parametrize(
    ("setting", "factor", "lower", "meaning"),
    [
        (
            experiment(),
            2.0,
            "left",
            "But the totals cannot be compared: for equal predictions, Functional's is 2 times as large.",
        ),
        (
            experiment(combine="mean"),
            0.9,
            "right",
            "Both totals are computed in the same way, so they can be compared.",
        ),
        (
            experiment(combine="mean"),
            1.004,
            "equal",
            "Both totals are computed in the same way, so they can be compared.",
        ),
        (
            experiment(combine="own", weights=[1, 2]),
            2.0,
            "left",
            "But the totals cannot be compared: they weight the tasks differently.",
        ),
    ],
)
def test_the_lower_total_is_no_better_unless_both_are_computed_alike(setting, factor, lower, meaning):
    found = lower_total(setting, epochs(FALLING, FALLING, factor=factor))
    assert found is not None
    assert found.lower == lower
    assert comparability(setting) == meaning


def test_two_settings_end_with_ratios_over_the_seeds():
    experiment, _ = read_query({"right_batch": ["8"], "epochs": ["1"], "seeds": ["3"]})

    def of(total: float, validation: float) -> Losses:
        return Losses(total=total, heads={}, val_total=validation)

    epochs = [
        Epoch(seed=seed, epoch=1, left=of(4.0, 2.0), right=of(2.0, right), seconds=0)
        for seed, right in enumerate((1.0, 3.0, 5.0))
    ]
    found = lower_total(experiment, epochs)
    assert found is not None
    words = "Batch 32 has the lower total validation loss: Batch 8 ÷ Batch 32 = 1.5 (median of 3 seeds)."
    assert found.words == words
    assert lower_total(experiment, []) is None
