"""What a script prints of readings is what a verdict says of them."""

from __future__ import annotations

import numpy as np
import pytest

from backend.questions.speed.in_turns import compare
from backend.statistics.intervals import controlled_ratio, paired_ratio


def step(seconds):
    """A step that takes so many seconds at each call. The reading of a round is its second call."""
    rest = iter([*np.full(3, 99.0), *np.stack([np.full_like(seconds, 99.0), seconds], axis=1).ravel()])
    return lambda: next(rest)


@pytest.mark.parametrize("seed", range(5))
def test_the_ratio_and_its_interval_are_those_of_the_verdict(seed):
    above, below, control = np.random.default_rng(seed).lognormal(0, 0.1, (3, 31))
    found = controlled_ratio(above, below, control)
    assert compare([step(each) for each in (above, below, control)]) == (found.median, found.low, found.high)
    found = paired_ratio(control, below)
    assert compare([step(each) for each in (control, below)]) == (found.median, found.low, found.high)
