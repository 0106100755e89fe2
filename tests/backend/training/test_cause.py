"""Why two trainings differ: said only where arithmetic says it."""

import pytest

from backend.training.finding import cause
from tests.builders.losses import experiment

WEIGHTED = "The two totals weight the tasks differently"
ZERO = "With Functional, all loss weights are 0 in float32, so the total is 0 and nothing is learned."
SAME = "Both train in the same way from the same weights"


@pytest.mark.parametrize(
    ("setting", "agree", "words"),
    [
        (experiment(combine="mean"), True, f"{SAME}."),
        (experiment(combine="mean"), False, f"{SAME}, so the difference is round-off that training amplified."),
        (
            experiment(combine="mean", same_start=False),
            False,
            "Both train in the same way, but they started from different weights.",
        ),
        (
            experiment(optimizer="sgd"),
            True,
            "Functional's total loss makes the steps of SGD 2 times as long from the same weights.",
        ),
        (
            experiment(optimizer="sgd", same_start=False),
            False,
            "The styles started from different weights. Functional's total loss makes the steps of SGD 2 times as "
            "long from the same weights.",
        ),
        (
            experiment(optimizer="rmsprop"),
            False,
            "For equal predictions, Functional's total loss is 2 times as large. RMSprop divides each gradient by its "
            "running size, which ε keeps from falling below 3 × 10⁻⁴. This cancels the factor while that size is "
            "much larger, but not otherwise.",
        ),
        (
            experiment(combine="own", weights=[1e-8, 1e-8]),
            False,
            "For equal predictions, Sequential's total loss is 5.00 × 10⁷ times as large. Adam divides each gradient "
            "by its running size, which ε keeps from falling below 10⁻⁷. This cancels the factor while that size is "
            "much larger, but not otherwise.",
        ),
        (
            experiment(combine="pcgrad"),
            False,
            "Functional combines its heads by PCGrad, while Sequential minimizes the mean over all units.",
        ),
        (
            experiment(combine="uw", left="functional", right="subclassing"),
            False,
            f"{SAME}, so the difference is round-off that training amplified.",
        ),
        (experiment(combine="own", weights=[1, 2]), False, f"{WEIGHTED}."),
        (
            experiment(combine="own", weights=[1, 2]),
            True,
            f"{WEIGHTED}.",
        ),
        (
            experiment(combine="own", weights=[0, 0]),
            False,
            ZERO,
        ),
    ],
)
def test_the_cause(setting, agree, words):
    assert cause(setting, agree) == words
