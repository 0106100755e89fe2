"""The finding follows from the scores alone."""

import pytest

from backend.questions.topologies import outcome
from backend.questions.topologies.base import Metric

UP = Metric("score", lambda predicted, truth: 0.0)
DOWN = Metric("error", lambda predicted, truth: 0.0, higher_is_better=False)
LOW, HIGH = [0.50, 0.52, 0.49, 0.51, 0.50], [0.60, 0.61, 0.58, 0.66, 0.59]


def test_a_model_that_is_better_in_every_seed_is_better_and_the_other_is_worse():
    found = outcome(HIGH, LOW, UP)
    assert found.finding == "better"
    assert (found.low, found.median, found.high) == pytest.approx((0.09, 0.09, 0.15))
    assert outcome(LOW, HIGH, UP).finding == "worse"


def test_a_lower_score_is_better_where_the_metric_says_so():
    assert outcome(HIGH, LOW, DOWN).finding == "worse"
    assert outcome(LOW, HIGH, DOWN).finding == "better"


@pytest.mark.parametrize("last", [0.40, 0.50])
def test_with_five_seeds_one_that_disagrees_or_ties_means_no_difference(last):
    assert outcome([*HIGH[:4], last], LOW, UP).finding == "no difference"


def test_with_nine_seeds_one_may_disagree():
    # Nine coins: at most one head 20 times in 1024, at most two 92 times; 1 - 2 * 10 / 512 = 0.96.
    found = outcome([1.0] * 8 + [-1.0], [0.0] * 9, UP)
    assert found.finding == "better"
    assert found.confidence == pytest.approx(1 - 2 * 10 / 512)
    assert outcome([1.0] * 7 + [-1.0] * 2, [0.0] * 9, UP).finding == "no difference"


@pytest.mark.parametrize(("model", "baseline"), [(HIGH[:4], LOW[:4]), (HIGH, LOW[:4])])
def test_fewer_than_five_pairs_of_scores_are_refused(model, baseline):
    with pytest.raises(ValueError, match="at least 5 seeds"):
        outcome(model, baseline, UP)
