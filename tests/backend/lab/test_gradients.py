"""What follows from a Gramian, and what of it is undefined."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from backend.lab.gradients import (
    MOST_EPOCHS,
    measured_epochs,
    ratio_of,
    read_pair,
    refuse_pair,
    situation_of,
)
from backend.lab.situation import LARGEST_RATIO, of_gradients
from tests.backend.lab.measured import gradients, measurement

AB = (0, 1)


def test_figures_of_two_gradients():
    found = measurement([[3.0, 0.0], [-4.0, 4.0]])
    assert found.length(0) == 3
    assert found.cosine(AB) == pytest.approx(-math.sqrt(0.5))
    assert found.angle(AB) == pytest.approx(135)
    assert found.similarity(AB) == pytest.approx(2 * 3 * math.sqrt(32) / (9 + 32))
    assert found.conflict_rate(AB) == 1


@given(arrays(float, (3, 4), elements=st.floats(-1e6, 1e6)))
def test_figures_are_within_their_ranges_or_undefined(rows):
    found = measurement(rows)
    for pair in ((0, 1), (0, 2), (1, 2)):
        cosine, similarity, situation = found.cosine(pair), found.similarity(pair), situation_of(found, pair)
        assert cosine is None or -1 <= cosine <= 1
        assert similarity is None or 0 <= similarity <= 1
        assert (situation is None) == (cosine is None)
        if situation:
            assert 0 <= situation.angle <= 180
            assert 1 / LARGEST_RATIO <= situation.ratio <= LARGEST_RATIO


@pytest.mark.parametrize("bad", [0.0, math.nan, math.inf])
def test_a_gradient_without_direction_has_no_cosine(bad):
    found = measurement([[1.0, 2.0], [bad, bad]], comparable=0)
    assert (found.cosine(AB), found.angle(AB), found.conflict_rate(AB)) == (None, None, None)
    assert (ratio_of(found, AB), situation_of(found, AB)) == (None, None)
    assert found.length(1) == (0 if bad == 0 else None)
    assert found.similarity(AB) == (0 if bad == 0 else None)
    assert measurement([[0.0], [0.0]]).similarity(AB) is None


def test_tiny_and_huge_gradients_keep_their_angle():
    for scale in (1e-30, 1e30):
        assert measurement(scale * np.array([[1.0, 0.0], [1.0, 1.0]])).angle(AB) == pytest.approx(45)


@given(st.integers(1, 100))
def test_a_training_is_measured_at_evenly_spread_epochs_with_start_and_end(epochs):
    found = measured_epochs(epochs)
    assert (found[0], found[-1]) == (0, epochs)
    assert len(found) == min(epochs + 1, MOST_EPOCHS)
    steps = np.diff(found)
    assert steps.max() - steps.min() <= 1


def test_the_nearest_epoch_and_the_order_of_conflicts():
    first = measurement([[1.0, 0], [1, 1], [0, 1]], 0, np.array([[0, 1, 5], [1, 0, 1], [5, 1, 0]]))
    found = gradients(first, measurement([[1.0, 0], [1, 1], [-1, 2]], 10, first.conflicting))
    assert [found.at(epoch).epoch for epoch in (None, 0, 5, 6, 99)] == [10, 0, 0, 10, 10]
    assert found.most_conflicting()[0] == (0, 2)
    assert found.counts([(0, 2)]) == (10, 16)
    silent = gradients(measurement([[0.0], [0.0], [0.0]], comparable=0))
    assert silent.most_conflicting() == [(0, 1), (0, 2), (1, 2)]


@given(st.floats(0, 180), st.floats(0.01, 100))
def test_the_compass_shows_the_measured_angle_and_ratio(angle, ratio):
    rows = np.array([[2.0, 0], [2 * ratio * math.cos(math.radians(angle)), 2 * ratio * math.sin(math.radians(angle))]])
    situation = situation_of(measurement(rows), AB)
    assert situation.angle == pytest.approx(of_gradients(rows).angle, abs=0.02)
    assert situation.ratio == pytest.approx(ratio, rel=1e-3)


@pytest.mark.parametrize(("text", "fits"), [("", True), ("level,trend", True), ("level,level", False), ("level", False),
                                            ("a,b,c", False), ("<b>,x", False), ("level, trend", False)])  # fmt: skip
def test_a_link_names_a_pair_by_two_names(text, fits):
    assert (refuse_pair(text) is None) == fits


def test_a_pair_is_read_in_the_order_of_the_heads():
    assert read_pair("trend,level", ["level", "last", "trend"]) == (0, 2)
    assert read_pair("trend,nobody", ["level", "trend"]) is None
    assert read_pair("mean,trend", ["level", "trend"]) == (0, 1), "a link of before"
    assert read_pair("mean,trend", ["level", "trend", "mean"]) == (1, 2), "a head has that name"
