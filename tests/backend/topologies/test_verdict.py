"""The sentences on a topology follow from its scores, whatever they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.topologies import TOPOLOGIES, Outcome, outcome
from backend.topologies.base import confidence
from backend.topologies.verdict import (
    POWER,
    chance_of_false_finding,
    comparison,
    false_findings,
    signed,
    smallest_detectable,
    verdict,
)
from backend.words import short

SIAMESE = TOPOLOGIES["siamese"]
LOW, HIGH = [0.50, 0.52, 0.49, 0.51, 0.50], [0.60, 0.61, 0.58, 0.66, 0.59]
BOTH_HIGH = [0.80, 0.81, 0.80, 0.82, 0.81]
LATER = [0.80, 0.82, 0.81, 0.81, 0.80]


def judge(model: list[float], baseline: list[float]) -> Outcome:
    return outcome(model, baseline, SIAMESE.metric)


def test_a_verdict_names_the_number_of_epochs() -> None:
    better, worse = verdict(SIAMESE, 15, judge(HIGH, LOW)), verdict(SIAMESE, 60, judge(LOW, HIGH))
    assert better.startswith("After 15 epochs, over 5 seeds, “a shared LSTM” is better than “two LSTMs”")
    assert worse.startswith("After 60 epochs, over 5 seeds, “a shared LSTM” is worse than “two LSTMs”")
    for text in (better, worse):
        assert text.endswith("does not contain 0.")


def test_no_difference_names_the_difference_that_could_be_missed() -> None:
    found = judge(BOTH_HIGH, LATER)
    size = smallest_detectable(found)
    text = verdict(SIAMESE, 15, found)
    assert text.startswith("After 15 epochs, 5 seeds show no difference between")
    assert f"These runs could miss a true difference below about {short(size, 3)}." in text
    assert "5 seeds would find a difference of that size in four of five repetitions" in text


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


def test_equal_differences_cannot_tell_what_could_be_missed() -> None:
    found = judge(LOW, LOW)
    assert found.finding == "no difference"
    assert smallest_detectable(found) == 0
    assert "All seeds gave the same difference" in verdict(SIAMESE, 15, found)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_score_that_is_nan_or_infinite_gives_no_verdict(bad: float) -> None:
    found = judge([*HIGH[:4], bad], LOW)
    assert found.finding == "no verdict"
    assert "for 1 of 5 seeds, a score is NaN or infinite" in verdict(SIAMESE, 15, found)
    assert comparison(SIAMESE, found, judge(HIGH, LOW)) == ""
    assert comparison(SIAMESE, judge(HIGH, LOW), found) == ""
    assert judge([bad] * 5, [bad] * 5).finding == "no verdict"


def test_a_lead_that_the_baseline_catches_up_with_was_faster_learning() -> None:
    text = comparison(SIAMESE, judge(HIGH, LOW), judge(BOTH_HIGH, LATER))
    assert text.startswith(
        "After 60 epochs, the lead can no longer be told from chance: the median gain changed from +0.09 after 15"
    )
    assert "In 5 of 5 seeds, more than half of the lead is gone" in text
    assert text.endswith("most of the lead was faster learning.")
    assert comparison(SIAMESE, judge(LOW, HIGH), judge(BOTH_HIGH, LATER)).endswith(
        "most of the lead was faster learning."
    )


def test_a_lead_that_ends_by_overfitting_was_not_faster_learning() -> None:
    text = comparison(SIAMESE, judge(HIGH, LOW), judge([score - 0.1 for score in HIGH], LOW))
    assert "can no longer be told from chance" in text
    assert "faster learning" not in text


def test_a_training_that_lowers_both_scores_is_said_to_overfit() -> None:
    text = comparison(SIAMESE, judge(BOTH_HIGH, LATER), judge(LOW, LOW))
    assert text.endswith("Both median scores are worse than after 15 epochs: the models overfit.")
    assert "overfit" not in comparison(SIAMESE, judge(BOTH_HIGH, LOW), judge(HIGH, LOW))


def test_a_lead_that_mostly_disappears_was_mostly_faster_learning() -> None:
    text = comparison(SIAMESE, judge(HIGH, LOW), judge([0.98, *(score + 0.02 for score in LATER[1:])], LATER))
    assert "less than half of the lead is left" in text
    assert "In 4 of 5 seeds" in text
    assert "most of the lead was faster learning" in text


@pytest.mark.parametrize(
    ("short", "long", "begins"),
    [
        ((HIGH, LOW), (HIGH, LOW), "The finding lasts"),
        ((LOW, HIGH), (LOW, HIGH), "The finding lasts"),
        ((HIGH, LOW), (LOW, HIGH), "More training reverses the finding"),
        ((LOW, LOW), (HIGH, LOW), "Only the longer training shows a difference"),
        ((LOW, LOW), (LATER, BOTH_HIGH), "More training does not change this finding"),
    ],
)
def test_the_longer_training_keeps_reverses_or_reveals_a_finding(
    short: tuple[list[float], list[float]], long: tuple[list[float], list[float]], begins: str
) -> None:
    assert comparison(SIAMESE, judge(*short), judge(*long)).startswith(begins)


def test_the_chance_of_a_false_finding_follows_from_levels_and_number() -> None:
    assert chance_of_false_finding([0.5, 0.5]) == 0.75
    levels = [confidence(topology.seeds) for topology in TOPOLOGIES.values()]
    assert chance_of_false_finding(levels) == pytest.approx(1 - (15 / 16) ** 6 * (1 - 20 / 512) ** 3)
    text = false_findings(TOPOLOGIES.values())
    assert "Each of the 9 models is judged by an interval with 94 to 96% confidence" in text
    assert "about 40%" in text
    same = false_findings([SIAMESE, replace(SIAMESE, epochs=3)])
    assert "Each of the 2 models is judged by an interval with 94% confidence" in same
    assert "about 12%" in same


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "+0"), (-0.0, "+0"), (0.0576, "+0.0576"), (-0.01174, "−0.0117"), (0.00012, "+1.20 × 10⁻⁴"),
     (-3e-8, "−3.00 × 10⁻⁸")],
)  # fmt: skip
def test_a_signed_number_has_three_significant_digits(value: float, text: str) -> None:
    assert signed(value) == text


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
