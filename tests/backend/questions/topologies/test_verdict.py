"""The sentences on a topology follow from its scores, whatever they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.questions.topologies import TOPOLOGIES, Outcome, outcome
from backend.questions.topologies.base import confidence
from backend.questions.topologies.verdict import (
    POWER,
    chance_of_false_finding,
    comparison,
    false_findings,
    smallest_detectable,
    verdict,
)

SIAMESE = TOPOLOGIES["siamese"]
LOW, HIGH = [0.50, 0.52, 0.49, 0.51, 0.50], [0.60, 0.61, 0.58, 0.66, 0.59]


def judge(model: list[float], baseline: list[float]) -> Outcome:
    return outcome(model, baseline, SIAMESE.metric)


@pytest.mark.parametrize("seeds", [5, 9, 25])
def test_the_smallest_detectable_difference_is_found_in_four_of_five_experiments(seeds: int) -> None:
    """Checks the formula by counting simulated experiments."""
    rng = np.random.default_rng(seeds)
    scatter = rng.normal(size=seeds)
    scatter = (scatter - scatter.mean()) / scatter.std(ddof=1) * 0.05
    size = smallest_detectable(judge(scatter.tolist(), [0.0] * seeds))
    repeated = rng.normal(size, 0.05, (4000, seeds))
    found = np.mean([judge(row.tolist(), [0.0] * seeds).finding == "better" for row in repeated])
    assert found == pytest.approx(POWER, abs=0.03)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_score_that_is_nan_or_infinite_gives_no_verdict(bad: float) -> None:
    found = judge([*HIGH[:4], bad], LOW)
    assert found.finding == "no verdict"
    assert comparison(SIAMESE, found, judge(HIGH, LOW)) == ""
    assert comparison(SIAMESE, judge(HIGH, LOW), found) == ""
    assert judge([bad] * 5, [bad] * 5).finding == "no verdict"


def test_the_chance_of_a_false_finding_follows_from_levels_and_number() -> None:
    assert chance_of_false_finding([0.5, 0.5]) == 0.75
    levels = [confidence(topology.seeds) for topology in TOPOLOGIES.values()]
    assert chance_of_false_finding(levels) == pytest.approx(1 - (15 / 16) ** 6 * (1 - 20 / 512) ** 3)
    assert "about 40%" in false_findings(TOPOLOGIES.values())


scores = st.lists(st.floats(-2, 1) | st.sampled_from([np.nan, np.inf, -np.inf, 0.5]), min_size=5, max_size=5)


@given(scores, scores, scores, scores)
def test_any_scores_have_a_verdict_in_words(a: list[float], b: list[float], c: list[float], d: list[float]) -> None:
    short, long = judge(a, b), judge(c, d)
    text = verdict(SIAMESE, 15, short)
    assert text.startswith("After 15 epochs")
    if short.finding in ("better", "worse"):
        assert f"is {short.finding} than" in text
        assert "interval, +0 to" not in text
    for sentence in (text, comparison(SIAMESE, short, long)):
        assert "nan" not in sentence
        assert "inf" not in sentence.replace("NaN or infinite", "")
        assert "e-" not in sentence
