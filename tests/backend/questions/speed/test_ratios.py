"""Ratios and their intervals: when a difference counts."""

import pytest

from tests.backend.questions.speed.points import point


def test_with_enough_noise_the_ratio_is_undecided():
    quiet, noisy = point(times=1.1), point(times=1.1)
    noisy.styles["functional"].train = [
        t * (1 + 0.6 * (-1) ** i) for i, t in enumerate(quiet.styles["functional"].train)
    ]
    assert quiet.ratio.decided
    assert not noisy.ratio.decided


def test_a_disturbance_of_all_styles_does_not_change_the_ratio():
    quiet, disturbed = point(times=1.3), point(times=1.3)
    for figures in disturbed.styles.values():
        figures.train = [t * (5 if i > 10 else 1) for i, t in enumerate(figures.train)]
    assert disturbed.ratio.median == pytest.approx(quiet.ratio.median)
    assert disturbed.ratio.decided


def test_a_difference_that_the_control_shows_too_is_undecided():
    # Functional is slower than the fused model, but not slower than Sequential, which is the same network as fused.
    assert point(times=1.1).ratio.decided
    assert not point(times=1.1, control=1.1).ratio.decided
    assert point(times=1.1, control=1.1).control.decided
