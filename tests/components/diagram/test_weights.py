"""Weights on their way to the browser keep three digits, and one scale for the whole run."""

import base64

import numpy as np
import pytest
from hypothesis import given, settings

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.training.result import Snapshot
from components.diagram.plan import plan_of
from components.diagram.weights import frames, scale_of
from tests.builders.strategies import experiments
from tests.components.diagram.cases import snapshot


def decoded(frames, text):
    data = base64.b64decode(text)
    trunk = np.frombuffer(data, "<f2", count=frames.halves).astype(float)
    return np.concatenate([trunk, np.frombuffer(data, "<f4", offset=2 * frames.halves)])


def of(experiment, *snapshots):
    return frames(experiment.architecture, experiment.styles(), snapshots)


@settings(max_examples=15)
@given(experiments())
def test_a_frame_has_every_drawn_weight_in_the_order_of_the_blocks(experiment):
    weights = snapshot(experiment)
    found = of(experiment, weights)
    drawn = plan_of(experiment.architecture)
    for style, side, texts in zip(
        experiment.styles(), (weights.left, weights.right), (found.left, found.right), strict=True
    ):
        expected = []
        for block in drawn.blocks(style):
            rows, columns = drawn.size(block)
            # Half the norm of four gate weights is their root mean square.
            expected.append((side[block.key][:rows, :columns] / (2 if block.kind == "LSTM" else 1)).ravel())
        np.testing.assert_allclose(decoded(found, texts[0]), np.concatenate(expected), rtol=1e-3, atol=1e-6)


def test_all_epochs_and_both_sides_share_one_scale():
    experiment = Experiment()
    first, later = snapshot(experiment, 0), snapshot(experiment, 9)
    later.right["dense→level"] = np.full((8, 1), -5.0)
    found = of(experiment, first, later)
    assert found.epochs == [0, 9]
    assert found.scale == 8.0
    assert "Above 8, all" in found.legend[1]
    assert len(found.left) == len(found.right) == 2


def test_the_newest_weights_are_drawn_on_the_scale_of_all_so_far():
    experiment = Experiment()
    first, later = snapshot(experiment, 1), snapshot(experiment, 2, seed=1)
    first.left["dense→level"] = np.full((8, 1), 5.0)
    found = frames(experiment.architecture, experiment.styles(), (first, later), newest=True)
    assert (found.epochs, found.scale) == ([2], 8.0)
    assert (found.left, found.right) == (of(experiment, later).left, of(experiment, later).right)


def test_a_run_of_twenty_epochs_needs_few_bytes():
    experiment = Experiment()
    found = of(experiment, *(snapshot(experiment, epoch) for epoch in range(21)))
    assert len(found.model_dump_json()) < 20_000


@pytest.mark.parametrize(
    ("weights", "shown"),
    [
        ({}, np.nan),
        ({"dense→level": np.ones((2, 1))}, np.nan),
        ({"dense→level": np.full((8, 1), np.nan)}, np.nan),
        ({"dense→level": np.array(3.0)}, np.nan),
        ({"dense→level": np.full((8, 1), np.inf)}, np.inf),
    ],
)
def test_missing_and_overflowed_weights_are_no_numbers(weights, shown):
    experiment = Experiment(architecture=Architecture())
    found = of(experiment, Snapshot(epoch=0, left=weights, right=weights))
    np.testing.assert_array_equal(decoded(found, found.left[0])[-16:-8], np.full(8, shown))
    assert np.isfinite(found.scale)


def test_the_scale_is_a_power_of_two_and_zero_weights_have_one():
    blocks = [block for block in plan_of(Architecture()).blocks(Experiment().styles()[0]) if block.head]
    assert scale_of(blocks, {"dense→level": np.array([[0.3, -0.6]])}) == 1.0
    assert scale_of(blocks, {"dense→level": np.array([[0.0]])}) == 1.0
    assert scale_of(blocks) == 1.0
