"""Ratios and their intervals: when a difference counts."""

import pytest

from backend.questions.speed.ratios import between, ratio
from backend.questions.speed.sweep import COMPARED
from tests.backend.questions.speed.points import point


def test_with_enough_noise_the_ratio_is_undecided():
    quiet, noisy = point(times=1.1), point(times=1.1)
    noisy.styles["functional"].train = [
        t * (1 + 0.6 * (-1) ** i) for i, t in enumerate(quiet.styles["functional"].train)
    ]
    assert ratio(quiet).decided
    assert not ratio(noisy).decided


def test_a_disturbance_of_all_styles_does_not_change_the_ratio():
    quiet, disturbed = point(times=1.3), point(times=1.3)
    for figures in disturbed.styles.values():
        figures.train = [t * (5 if i > 10 else 1) for i, t in enumerate(figures.train)]
    assert ratio(disturbed).median == pytest.approx(ratio(quiet).median)
    assert ratio(disturbed).decided


def test_a_difference_that_the_control_shows_too_is_undecided():
    # Functional is slower than the fused model, but not slower than Sequential, which is the same network as fused.
    lucky = point(times=1.1, control=1.1)
    assert between(lucky, "train", COMPARED).decided
    assert not ratio(lucky).decided
    assert ratio(lucky).median == between(lucky, "train", COMPARED).median
    assert ratio(point(times=1.1, control=1.1, sequential=False)).decided
