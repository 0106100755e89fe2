"""What the seeds show follows from the scores alone, in numbers and in words."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.questions.topologies import TOPOLOGIES
from backend.questions.topologies.verdict import Gains, Scores, false_findings

SIAMESE = TOPOLOGIES["siamese"]
LOW, HIGH = [0.50, 0.52, 0.49, 0.51, 0.50], [0.60, 0.61, 0.58, 0.66, 0.59]


def of(model: list[float], baseline: list[float]) -> Gains:
    return Scores(model=tuple(model), baseline=tuple(baseline)).gains


def test_a_model_that_is_better_in_every_seed_is_better_and_the_other_is_worse() -> None:
    found = of(HIGH, LOW)
    assert found.finding == "better"
    assert found.interval is not None
    assert (found.interval.low, found.median, found.interval.high) == pytest.approx((0.09, 0.09, 0.15))
    assert of(LOW, HIGH).finding == "worse"


@pytest.mark.parametrize("last", [0.40, 0.50])
def test_with_five_seeds_one_that_disagrees_or_ties_means_no_difference(last: float) -> None:
    assert of([*HIGH[:4], last], LOW).finding == "no difference"


def test_with_nine_seeds_one_may_disagree() -> None:
    # Nine coins: at most one head 20 times in 1024, at most two 92 times; 1 - 2 * 10 / 512 = 0.96.
    found = of([1.0] * 8 + [-1.0], [0.0] * 9)
    assert found.finding == "better"
    assert found.interval is not None
    assert found.interval.confidence == pytest.approx(1 - 2 * 10 / 512)
    assert of([1.0] * 7 + [-1.0] * 2, [0.0] * 9).finding == "no difference"


def test_fewer_than_five_seeds_give_no_verdict_and_unequal_numbers_of_scores_are_refused() -> None:
    assert of(HIGH[:4], LOW[:4]).finding == "no verdict"
    with pytest.raises(ValueError, match="shorter"):
        of(HIGH, LOW[:4])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_score_that_is_nan_or_infinite_gives_no_verdict(bad: float) -> None:
    assert of([*HIGH[:4], bad], LOW).finding == "no verdict"
    assert of([bad] * 5, [bad] * 5).finding == "no verdict"


def test_the_chance_of_a_false_finding_follows_from_the_seeds_of_all() -> None:
    chance = 1 - math.prod([15 / 16] * 6 + [1 - 20 / 512] * 3)
    assert f"about {chance:.0%}" in false_findings(each.seeds for each in TOPOLOGIES.values())


scores = st.lists(st.floats(-2, 1) | st.sampled_from([np.nan, np.inf, -np.inf, 0.5]), min_size=5, max_size=5)


@given(scores, scores)
def test_any_scores_have_a_verdict_in_words(model: list[float], baseline: list[float]) -> None:
    found = of(model, baseline)
    text = SIAMESE.sentence(15, found)
    assert text.startswith("After 15 epochs")
    if found.finding in ("better", "worse"):
        assert f"is {found.finding} than" in text
        assert "interval, +0 to" not in text
    assert "nan" not in text
    assert "inf" not in text.replace("NaN or infinite", "")
    assert "e-" not in text
