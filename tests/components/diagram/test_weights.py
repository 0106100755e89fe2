"""Weights on their way to the browser keep three digits, and one scale for the whole run."""

import base64

import numpy as np
import pytest
from hypothesis import given, settings

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.training.result import Snapshot
from components.diagram.network import neurons
from components.diagram.picture import drawn
from components.diagram.weights import frames
from tests.builders.diagrams import snapshot
from tests.builders.strategies import experiments


def decoded(frames, text):
    data = base64.b64decode(text)
    trunk = np.frombuffer(data, "<f2", count=frames.halves).astype(float)
    return np.concatenate([trunk, np.frombuffer(data, "<f4", offset=2 * frames.halves)])


def of(experiment, *snapshots):
    return frames(experiment.architecture, snapshots)


@settings(max_examples=15)
@given(experiments())
def test_a_frame_has_every_drawn_weight_in_the_order_of_the_blocks(experiment):
    weights = snapshot(experiment)
    found = of(experiment, weights)
    groups = drawn(neurons(experiment.architecture))
    for side, texts in ((weights.left, found.left), (weights.right, found.right)):
        expected = []
        for group in groups[1:]:
            source = groups[group.source]
            values = side[f"{source.name}→{group.name}"][: source.count, : group.count]
            # Half the norm of four gate weights is their root mean square.
            expected.append((values / (2 if group.kind == "LSTM" else 1)).ravel())
        np.testing.assert_allclose(decoded(found, texts[0]), np.concatenate(expected), rtol=1e-3, atol=1e-6)


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
