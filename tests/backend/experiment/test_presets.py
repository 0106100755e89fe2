"""Presets: each runs without a change, and no two are the same."""

import pytest

from backend.experiment.presets import PRESETS
from backend.training.duration import DurationEstimator
from backend.training.loss_ratio import expected_ratio

presets = pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))


@presets
def test_a_preset_trains_in_a_short_time(preset):
    assert DurationEstimator().seconds(preset) < 120


def test_the_presets_do_what_their_names_say():
    assert expected_ratio(PRESETS["Equal totals"]) == 1
    assert len(PRESETS["Eight heads"].architecture.heads) == 8
    assert expected_ratio(PRESETS["Eight heads"]) == 8
    kinds = [head.spec.kind for head in PRESETS["Three kinds of tasks"].architecture.heads]
    assert kinds == ["regression", "binary", "multiclass"]
    assert [head.task for head in PRESETS["A related pair of tasks"].architecture.heads] == ["related_a", "related_b"]
