"""Why two trainings differ: said only where arithmetic says it."""

import pytest

from backend.training.cause import cause
from tests.builders.losses import experiment

SAME = "Both minimize the same loss from the same weights"


@pytest.mark.parametrize(
    ("setting", "agree", "words"),
    [
        (experiment(combine="mean"), True, f"{SAME}."),
        (experiment(combine="mean"), False, f"{SAME}, so the difference is round-off that training amplified."),
        (
            experiment(combine="mean", same_start=False),
            False,
            "Both minimize the same loss, but they started from different weights.",
        ),
        (
            experiment(optimizer="sgd"),
            True,
            "Functional's summed loss makes the steps of SGD 2 times as long from the same weights, which made no "
            "difference here.",
        ),
        (
            experiment(optimizer="sgd", same_start=False),
            False,
            "The styles started from different weights. Functional's summed loss makes the steps of SGD 2 times as "
            "long from the same weights.",
        ),
        (
            experiment(optimizer="rmsprop"),
            False,
            "For equal predictions, Functional's summed loss is 2 times as large. RMSprop divides each gradient by its "
            "running size plus ε (under the root, where it acts like 3 × 10⁻⁴). This cancels the factor while that "
            "size is much larger than 3 × 10⁻⁴, but not otherwise. What remains of it can grow.",
        ),
        (
            experiment(combine="own", weights=[1e-8, 1e-8]),
            False,
            "For equal predictions, Sequential's loss is 5.00 × 10⁷ times as large. Adam divides each gradient by its "
            "running size plus ε = 10⁻⁷. This cancels the factor while that size is much larger than 10⁻⁷, but not "
            "otherwise. What remains of it can grow.",
        ),
        (
            experiment(combine="pcgrad"),
            False,
            "Functional combines its heads by PCGrad, while Sequential minimizes the mean over all units.",
        ),
        (
            experiment(combine="uw", left="functional", right="subclassing"),
            False,
            "Both combine the heads by Uncertainty weighting (UW) from the same weights, so the difference "
            "is round-off that training amplified.",
        ),
        (experiment(combine="own", weights=[1, 2]), False, "The two totals weight the tasks differently."),
        (experiment(combine="own", weights=[1, 2]), True, ""),
        (experiment(combine="own", weights=[0, 0]), False, "All loss weights are 0, so Functional cannot learn."),
    ],
)
def test_the_cause(setting, agree, words):
    assert cause(setting, agree) == words
