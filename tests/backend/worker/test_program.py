"""Training in the second gear, an XLA program of many epochs: the promises of the first.

`test_train.py` compares the curves of both gears with those of `fit`.
"""

import numpy as np
import pytest

from backend.jobs.runtime import Cancelled
from backend.training.job import epochs_of
from tests.backend.worker.trainings import Recorder, agree, bits, curve, experiment, run

pytestmark = pytest.mark.slow


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
