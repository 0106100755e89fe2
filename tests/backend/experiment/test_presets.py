"""Presets: each runs without a change, and no two are the same."""

import pytest

from backend.experiment import Experiment
from backend.experiment.presets import LESSONS, PRESETS, THREAD
from backend.experiment.url import read_query, write_query
from backend.training.duration import DurationEstimator
from backend.training.loss_ratio import expected_ratio

presets = pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))


def test_the_threads_network_is_the_first_preset_and_the_default():
    assert next(iter(PRESETS)) == THREAD
    assert PRESETS[THREAD] == Experiment()


@presets
def test_both_styles_support_a_preset_or_the_page_names_the_fallback(preset):
    left, right = preset.styles()
    assert left is not right, "one of them would be compared with itself"
    assert not any(style.unsupported_reason(preset.architecture) for style in (left, right))


@presets
def test_a_preset_survives_a_link(preset):
    assert read_query(write_query(preset)) == (preset, [])


@presets
def test_a_preset_trains_in_a_short_time(preset):
    assert DurationEstimator().seconds(preset) < 120


def test_no_two_presets_are_equal():
    assert len({preset.key() for preset in PRESETS.values()}) == len(PRESETS)


def test_the_presets_do_what_their_names_say():
    assert expected_ratio(PRESETS["Equal totals"]) == 1
    assert len(PRESETS["Eight heads"].architecture.heads) == 8
    assert expected_ratio(PRESETS["Eight heads"]) == 8
    kinds = [head.spec.kind for head in PRESETS["Three kinds of tasks"].architecture.heads]
    assert kinds == ["regression", "binary", "multiclass"]
    assert [head.task for head in PRESETS["A related pair of tasks"].architecture.heads] == ["related_a", "related_b"]


def test_each_preset_says_what_it_teaches():
    assert list(LESSONS) == list(PRESETS)
