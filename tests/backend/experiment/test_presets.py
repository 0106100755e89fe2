"""Presets: each runs without a change, and no two are the same."""

import pytest

from backend.experiment.presets import PRESETS
from backend.training.duration import DurationEstimator

presets = pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))


@presets
def test_a_preset_trains_in_a_short_time(preset):
    assert DurationEstimator().seconds(preset) < 120
