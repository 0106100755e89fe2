"""What is recorded is what a worker computes now."""

import numpy as np
import pytest

from backend.experiment.dataset import generate
from backend.experiment.presets import WEATHER_PRESET
from backend.network.neurons import visible_weights
from backend.training.recorded import recorded_runs
from backend.training.result import SIDES
from backend.worker.build import build, transfer_weights, weights_of
from benchmarks.recorded_runs import train_here


@pytest.mark.slow
def test_the_sequences_and_initial_weights_are_those_recorded():
    for each in recorded_runs():
        experiment, run = each.experiment, each.run
        architecture, (left, right) = experiment.architecture, experiment.styles()
        dataset = generate(architecture, experiment.sequences, experiment.parts)
        size, _ = experiment.parts
        for head, truth in run.predictions.truth.items():
            assert np.allclose(dataset.y[head][size:][: len(truth)], truth, rtol=1e-6), head
        first = weights_of(build(left.write(architecture), experiment.training.seed))
        both = first, transfer_weights(first, architecture, left, right)
        for side, style, weights in zip(SIDES, (left, right), both, strict=True):
            kept = getattr(run.snapshots[0], side)
            for block, found in visible_weights(architecture, style, weights).items():
                assert np.allclose(found, kept[block], rtol=1e-2, atol=1e-3), block


@pytest.mark.slow
@pytest.mark.parametrize(
    "each",
    [
        pytest.param(each, id=each.preset, marks=[] if each.preset == WEATHER_PRESET else pytest.mark.soak)
        for each in recorded_runs()
    ],
)
def test_a_worker_computes_the_recorded_losses_now(each):
    """Two epochs, in float32: another processor may round otherwise. Else record again."""
    training = each.experiment.training.model_copy(update={"epochs": 2})
    run = train_here(each.experiment.model_copy(update={"training": training}))
    for now, then in zip(run.epochs, each.run.epochs[:2], strict=True):
        for side in SIDES:
            found, kept = getattr(now, side), getattr(then, side)
            assert found.total == pytest.approx(kept.total, rel=1e-3)
            assert found.val_total == pytest.approx(kept.val_total, rel=1e-3)
            assert found.heads == pytest.approx(kept.heads, rel=1e-3)
