"""Predictions as levels of an axis, and when both styles agree."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from backend.experiment.architecture import Head
from backend.training.frames import AGREE, LEVELS, MISSING, TaskFrames, quantize

finite = st.floats(-1e6, 1e6, width=32)
any_float = st.floats(width=32)


def head(task, **changes):
    return Head.for_task(task, name="h", **changes)


def frames(task, truth, left, right, **changes):
    """One or more frames (frames, n) of a head with one unit; with more units (frames, n, units)."""
    sides = [np.asarray(side, np.float32) for side in (left, right)]
    sides = [side[..., None] if side.ndim == 2 else side for side in sides]
    truth = np.asarray(truth, np.float32)
    return TaskFrames(head(task, **changes), truth[:, None] if truth.ndim == 1 else truth, *sides)


@given(arrays(np.float32, 20, elements=finite), finite, st.floats(2**-10, 1e6, width=32))
def test_a_value_on_the_axis_is_off_by_at_most_half_a_level(values, low, span):
    high = low + span
    codes = quantize(values, low, high)
    back = np.where(codes == MISSING, np.nan, low + codes / LEVELS * (high - low))
    on_axis = (values >= low) & (values <= high)
    assert codes.dtype == np.uint8
    assert (np.abs(back - values)[on_axis] <= (0.5 / LEVELS) * span * (1 + 1e-6)).all()
    assert (codes[values > high] == LEVELS).all()
    assert (codes[values < low] == 0).all()


@given(
    arrays(np.float32, (6, 1), elements=any_float),
    arrays(np.float32, (3, 6, 1), elements=any_float),
    arrays(np.float32, (3, 6, 1), elements=any_float),
)
def test_the_axis_holds_the_targets_and_is_never_empty(truth, left, right):
    truth = np.nan_to_num(truth, posinf=1e30, neginf=-1e30)  # targets are finite, predictions need not be
    found = TaskFrames(head("level"), np.clip(truth, -1e30, 1e30), left, right)
    low, high = found.axis()
    assert np.isfinite([low, high]).all()
    assert low < high
    assert low <= found.truth.min()
    assert high >= found.truth.max()


def test_styles_agree_where_no_prediction_differs_by_more_than_a_hundredth_of_the_targets_range():
    truth = [-10, 10]
    same = [[1, 2], [3, 4]]
    near, far = [[1, 2], [3, 4 + 19 * AGREE]], [[1, 2 + 21 * AGREE], [3, 4]]
    assert frames("level", truth, same, near).agree
    assert not frames("level", truth, same, far).agree, "also where they differ at the first frame only"
    assert frames("level", truth, same, near).differences == pytest.approx([0, 0.95 * AGREE])
    assert frames("level", truth, same, same).differences.max() == 0


def test_styles_that_answer_otherwise_do_not_agree():
    assert not frames("spike", [0, 1], [[0.2, 0.499]], [[0.2, 0.501]]).agree
    assert frames("spike", [0, 1], [[0.2, 0.801]], [[0.2, 0.803]]).agree
    left, right = [[[0.499, 0.501], [0, 1]]], [[[0.501, 0.499], [0, 1]]]
    assert not frames("waveform", np.eye(2), left, right, units=2).agree
    assert frames("waveform", np.eye(2), left, left, units=2).agree


@pytest.mark.parametrize("lost", [np.nan, np.inf])
def test_a_prediction_that_is_nan_or_infinite_answers_nothing_and_has_no_score(lost):
    whole = np.eye(2, dtype=np.float32)
    found = frames("waveform", whole, [whole], [[[lost, 0], [0, 1]]], units=2)
    assert (found.answers("left").tolist(), found.scores("left")) == ([[0, 1]], [1.0])
    assert found.answers("right").tolist() == [[MISSING, 1]]
    assert np.isnan(found.scores("right")).all()
    assert np.isnan(frames("spike", [0, 1], [[lost, 1]], [[0, 1]]).scores("left")).all()
