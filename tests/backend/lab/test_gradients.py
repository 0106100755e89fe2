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
    refuse_pair,
    situation_of,
)
from backend.lab.situation import LARGEST_RATIO
from tests.backend.lab.measured import measurement

AB = (0, 1)


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


@given(st.integers(1, 100))
def test_a_training_is_measured_at_evenly_spread_epochs_with_start_and_end(epochs):
    found = measured_epochs(epochs)
    assert (found[0], found[-1]) == (0, epochs)
    assert len(found) == min(epochs + 1, MOST_EPOCHS)
    steps = np.diff(found)
    assert steps.max() - steps.min() <= 1


@given(st.floats(0, 180), st.floats(0.01, 100))
def test_the_compass_shows_the_measured_angle_and_ratio(angle, ratio):
    rows = np.array([[2.0, 0], [2 * ratio * math.cos(math.radians(angle)), 2 * ratio * math.sin(math.radians(angle))]])
    situation = situation_of(measurement(rows), AB)
    assert situation.angle == pytest.approx(angle, abs=0.02)
    assert situation.ratio == pytest.approx(ratio, rel=1e-3)


@pytest.mark.parametrize(("text", "fits"), [("", True), ("level,trend", True), ("level,level", False), ("level", False),
                                            ("a,b,c", False), ("<b>,x", False), ("level, trend", False)])  # fmt: skip
def test_a_link_names_a_pair_by_two_names(text, fits):
    assert (refuse_pair(text) is None) == fits
