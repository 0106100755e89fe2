"""The interval of paired readings: how often it is wrong on noise, and when there is a verdict."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.statistics.intervals import (
    CONFIDENCE,
    Ratio,
    controlled_ratio,
    interval,
    least_explained,
    paired_ratio,
    share_interval,
)

shares = st.floats(0.1, 10)


@pytest.mark.parametrize(
    ("passed", "runs", "low", "high"), [(0, 10, 0.0, 0.3988), (5, 10, 0.1842, 0.8158), (10, 10, 0.6012, 1.0)]
)
def test_a_share_has_the_interval_of_wilson(passed, runs, low, high):
    """The figures follow from z = 2.5758: for 0 of n, the upper end is z² / (n + z²)."""
    assert share_interval(passed, runs) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("share", "count", "least"),
    [(0.5, 259, 0.3809), (0.03, 259, 0.0002), (0.02, 259, 0.0), (1.0, 20, 1.0), (0.9, 3, 0.0)],
)
def test_an_explained_share_has_the_interval_of_fisher(share, count, least):
    """The figures follow from z = 2.5758: tanh(atanh(√0.5) − 2.5758 ÷ 16)² = 0.3809."""
    assert least_explained(share, count) == pytest.approx(least, abs=1e-4)
    assert least_explained(-share, count) == 0


@pytest.mark.parametrize("n", [8, 15, 31])
def test_the_interval_contains_the_median_as_often_as_its_confidence_says(n):
    rng = np.random.default_rng(n)
    held = 0
    for _ in range(4000):
        found = interval(rng.lognormal(0, 1, n).tolist())  # lopsided; its median is 1
        held += found.low <= 1 <= found.high
    assert held / 4000 >= CONFIDENCE - 0.005


def readings(rng, rounds, luck):
    """Times of one network compiled three times: shared slow phases, noise, and a lasting difference (`luck`)."""
    shared = 0.1 * np.exp(np.cumsum(rng.normal(0, 0.1, rounds)))
    return [(shared * luck_ * rng.lognormal(0, 0.05, rounds)).tolist() for luck_ in luck]


@pytest.mark.slow
@pytest.mark.parametrize("rounds", [8, 12, 31])
def test_a_network_compared_with_itself_is_within_noise_at_least_99_times_in_100(rounds):
    rng, cases = np.random.default_rng(rounds), 2000
    wrong = quartiles_wrong = 0
    for _ in range(cases):
        one, other, control = readings(rng, rounds, (1, 1, 1))
        wrong += controlled_ratio(one, other, control).decided
        low, high = np.percentile(np.divide(one, other), [25, 75])
        quartiles_wrong += not low <= 1 <= high
    assert wrong / cases <= 1 - CONFIDENCE
    if rounds == 8:
        assert quartiles_wrong / cases > 0.05, "the middle half of the ratios is no test"


@given(st.lists(st.tuples(shares, shares), min_size=1, max_size=40))
def test_the_inverse_ratio_has_the_opposite_verdict(rounds):
    one, other = (list(times) for times in zip(*rounds, strict=True))
    turned = {"slower": "faster", "faster": "slower", "within noise": "within noise"}
    assert paired_ratio(other, one).verdict == turned[paired_ratio(one, other).verdict]


def test_without_readings_there_is_no_ratio_and_with_too_few_no_verdict():
    assert paired_ratio([], []) is None
    few = paired_ratio([2.0] * 7, [1.0] * 7)
    assert (few, few.verdict) == (Ratio(2, None, None), "within noise")
    assert controlled_ratio([2.0] * 7, [1.0] * 7, [1.0] * 7) == few
    assert controlled_ratio([], [], []) is None
    with pytest.raises(ValueError, match="shorter"):
        paired_ratio([1.0, 2.0], [1.0])
