"""Training as an XLA program: the promises of training step by step.

All settings have the same programs, since compiling them takes most of the time. `test_train.py` compares both
with `fit` for every optimizer, in `make soak`.
"""

import numpy as np
import pytest

import backend.training.live
from backend.training.live import snapshots_of
from tests.backend.worker.trainings import Recorder, agree, bits, curve, experiment, fit, head_curves, run

pytestmark = pytest.mark.slow


def setting(**training):
    """51 sequences train, so that each epoch ends with a batch of 3. Snapshots after 0, 2, 4 … of 100 epochs."""
    usual = {"optimizer": "momentum", "learning_rate": 0.02, "batch": 12, "epochs": 100}
    return experiment(samples=64, dense=(), **usual | training)


def test_it_agrees_with_single_steps_and_with_fit_and_no_bit_depends_on_the_calls_or_on_what_was_trained_before():
    where = setting(seeds=2)
    first, *others = (run(where, chunk_seconds=seconds, xla_program=True) for seconds in (0, 1e9, 0.003))
    for other in others:
        assert bits(other) == bits(first)
    assert others[0].timings.traced == 0
    history = fit(where, 1, epochs=4)
    agree(curve(first, "right")[:4], history["loss"])
    agree(curve(first, "right", "val_total")[:4], history["val_loss"])
    stepwise = run(where, xla_program=False)
    for side in ("left", "right"):
        for what in ("total", "val_total"):
            agree(curve(first, side, what), curve(stepwise, side, what))
        for what in ("heads", "val_heads"):
            for name, values in head_curves(first, side, what).items():
                agree(values, head_curves(stepwise, side, what)[name])
    assert [snapshot.epoch for snapshot in first.snapshots] == [snapshot.epoch for snapshot in stepwise.snapshots]
    for ours, theirs in zip(first.snapshots, stepwise.snapshots, strict=True):
        for side in ("left", "right"):
            for name, predicted in ours.predictions[side].items():
                np.testing.assert_allclose(predicted, theirs.predictions[side][name], rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("xla_program", [False, True])
def test_a_run_reports_the_weights_of_its_first_seed_while_it_trains_and_they_change_no_bit(monkeypatch, xla_program):
    where = setting(seeds=2)
    monkeypatch.setattr(backend.training.live, "EVERY", float("inf"))
    alone = run(where, xla_program=xla_program)
    monkeypatch.setattr(backend.training.live, "EVERY", 0)
    context = Recorder()
    result = run(where, context, xla_program=xla_program)
    assert bits(result) == bits(alone)
    sent = snapshots_of(context.events)
    assert [each.epoch for each in sent] == [each.epoch for each in result.snapshots[1:]]
    for live, kept in zip(sent, result.snapshots[1:], strict=True):
        for side in ("left", "right"):
            for key, block in getattr(kept, side).items():
                np.testing.assert_array_equal(getattr(live, side)[key], block)
