"""Training in the second gear, an XLA program of many epochs: the results and promises of the first."""

import numpy as np
import pytest

from backend.experiment.training import OPTIMIZERS
from backend.jobs.runtime import Cancelled
from backend.training.job import epochs_of
from tests.backend.worker.trainings import ALL_LOSSES, Recorder, agree, bits, curve, experiment, fit, head_curves, run

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_curves_equal_those_of_fit_for_every_optimizer(optimizer):
    rate = {"sgd": 0.1, "rmsprop": 0.01}.get(optimizer, 0.03)
    setting = experiment(optimizer=optimizer, learning_rate=rate, samples=64, validation=0)
    result = run(setting, second_gear=True)
    history = fit(setting, 1)
    agree(curve(result, "right"), history["loss"])
    for head, values in head_curves(result, "right").items():
        agree(values, history[f"{head}_loss"])
    agree(curve(result, "left"), fit(setting, 0)["loss"])


@pytest.mark.parametrize(
    ("styles", "changes"),
    [
        (("functional", "subclassing"), {"heads": ALL_LOSSES, "same_start": False, "samples": 90}),
        (
            ("functional_fused", "functional"),
            {"combine": "own", "weights": [0.3, 2], "samples": 700, "batch": 32},
        ),
    ],
)
def test_curves_equal_those_of_fit_for_every_loss_and_a_smaller_last_batch(styles, changes):
    setting = experiment(left=styles[0], right=styles[1], optimizer="adam", learning_rate=0.01, epochs=6, **changes)
    result = run(setting, second_gear=True)
    for side, name in enumerate(("left", "right")):
        history = fit(setting, side)
        agree(curve(result, name), history["loss"])
        agree(curve(result, name, "val_total"), history["val_loss"])


def test_no_bit_depends_on_the_calls_or_on_what_was_trained_before_and_both_loops_agree():
    setting = experiment(samples=330, batch=7, epochs=5, seeds=2)
    first, *others = (run(setting, chunk_seconds=seconds, second_gear=True) for seconds in (0, 1e9, 0.003, 0.003))
    for other in others:
        assert bits(other) == bits(first)
    assert others[0].timings.traced == 0
    stepwise = run(setting, second_gear=False)
    for side in ("left", "right"):
        for what in ("total", "val_total"):
            agree(curve(first, side, what), curve(stepwise, side, what))
    assert [snapshot.epoch for snapshot in first.snapshots] == [snapshot.epoch for snapshot in stepwise.snapshots]
    for ours, theirs in zip(first.snapshots, stepwise.snapshots, strict=True):
        for side in ("left", "right"):
            for name, predicted in ours.predictions[side].items():
                np.testing.assert_allclose(predicted, theirs.predictions[side][name], rtol=1e-4, atol=1e-5)


def test_a_run_that_diverges_keeps_the_epochs_and_weights_before_and_says_the_same():
    # Snapshots after 0, 2, 4 …: the weights of the epoch before are trained again.
    setting = experiment(optimizer="sgd", learning_rate=0.6, epochs=100, validation=0)
    stepwise, result = run(setting, second_gear=False), run(setting, second_gear=True)
    assert result.stopped == stepwise.stopped is not None
    assert [snapshot.epoch for snapshot in result.snapshots] == [0, len(result.epochs)] == [0, 1]
    for side in ("left", "right"):
        for layer, arrays in result.weights[side].items():
            for ours, theirs in zip(arrays, stepwise.weights[side][layer], strict=True):
                np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("events", [1, 2, 5])
def test_a_cancelled_training_stops_before_its_next_event(events):
    context = Recorder(cancel_after=events)
    with pytest.raises(Cancelled):
        run(experiment(samples=64, validation=0), context, second_gear=True)
    assert len(context.events) == events


def test_the_phases_and_epochs_of_a_run_are_reported():
    context = Recorder()
    run(experiment(samples=64, validation=0), context, second_gear=True)
    assert [event.phase for event in context.events[:3]] == ["building", "compiling", "training"]
    assert [epoch.epoch for epoch in epochs_of(context.events)] == list(range(1, 21))
