"""Which total is lower, and whether that means anything."""

import pytest

from backend.experiment.url import read_query
from backend.training.result import Epoch, Losses
from backend.training.totals import at_the_end, lower_total
from tests.backend.training.losses import FALLING, epochs, experiment, scaled


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
            experiment(),
            1.0,
            "equal",
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
        (
            experiment(left="functional", right="sequential"),
            0.5,
            "right",
            "But the totals cannot be compared: for equal predictions, Functional's is 2 times as large.",
        ),
    ],
)
def test_the_lower_total_is_no_better_unless_both_are_computed_alike(setting, factor, lower, meaning):
    found = lower_total(setting, epochs(FALLING, FALLING, factor=factor))
    assert found is not None
    assert found.lower == lower
    assert found.words.endswith(meaning)


def test_both_figures_are_named():
    found = lower_total(experiment(), epochs(FALLING, FALLING, factor=2.0))
    assert found.words.startswith("Sequential has the lower total: Sequential 0.7, Functional 1.4. ")
    rows = [*epochs(FALLING, FALLING), *epochs(scaled(FALLING, 3), FALLING, seed=1)]
    found = lower_total(experiment(seeds=2), rows)
    assert found.words.startswith(
        "Functional has the lower total: Sequential 1.4, Functional 0.7 (medians of 2 seeds). "
    )


def test_totals_of_zero_are_equal():
    zero = {head: [0.0] * 4 for head in FALLING}
    assert lower_total(experiment(), epochs(zero, zero)).lower == "equal"


def test_a_run_that_did_not_end_has_no_total():
    assert lower_total(experiment(), epochs(FALLING, FALLING)[:3]) is None


def test_two_settings_end_with_ratios_over_the_seeds():
    experiment, _ = read_query({"right_batch": ["8"], "epochs": ["1"], "seeds": ["3"]})

    def of(total: float, validation: float) -> Losses:
        return Losses(total=total, heads={}, val_total=validation)

    epochs = [
        Epoch(seed=seed, epoch=1, left=of(2.0, 4.0), right=of(right, 2.0), seconds=0)
        for seed, right in enumerate((1.0, 3.0, 5.0))
    ]
    assert at_the_end(experiment, epochs) == (
        "At the end, Batch 8 ÷ Batch 32: total loss 1.5 (median; 0.5 to 2.5; Batch 8 is lower with 1 of 3 seeds); "
        "validation loss 0.5 (median; 0.5 to 0.5; Batch 8 is lower with 3 of 3 seeds)."
    )
    assert at_the_end(experiment, []) == ""
