"""The paired trainer against plain `model.fit` of the shown source, and what it promises around that."""

import numpy as np
import pytest

from backend.experiment.dataset import generate
from backend.experiment.optimizers import OPTIMIZERS
from backend.jobs.runtime import Cancelled, Context
from backend.network.neurons import edge_weights, edges
from backend.training.job import PrepareJob, SeedsJob
from backend.worker.build import build, load, transfer_weights, weights_of
from backend.worker.train import AHEAD, CACHE, prepare, train_seeds
from tests.backend.worker.trainings import (
    ALL_LOSSES,
    Recorder,
    agree,
    bits,
    curve,
    experiment,
    fit,
    head_curves,
    run,
)
from tests.builders.outputs import by_head

pytestmark = pytest.mark.slow


def uncached():
    CACHE.clear()
    AHEAD.clear()


#: Two settings share what is traced, which takes most of the time: these, and those of `BINARY`.
UNLIKE = {"heads": ALL_LOSSES, "left": "functional", "right": "subclassing"}
#: Two equal heads, whose outputs and losses a fused style joins.
BINARY = {
    "heads": [ALL_LOSSES[3], {**ALL_LOSSES[3], "name": "again"}],
    "timesteps": 3,
    "left": "functional_fused",
    "right": "functional",
}


@pytest.mark.soak
@pytest.mark.parametrize("xla_program", [False, True])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_curves_equal_those_of_fit_for_every_optimizer(optimizer, xla_program):
    # High rates, at which any difference in rounding would grow from epoch to epoch.
    rate = {"sgd": 0.1, "rmsprop": 0.01}.get(optimizer, 0.03)
    styles = {"left": "functional", "right": "functional"}
    setting = experiment(optimizer=optimizer, learning_rate=rate, samples=64, validation=0, epochs=10, **styles)
    history = fit(setting, 1)
    result = run(setting, xla_program=xla_program)
    agree(curve(result, "right"), history["loss"])
    # 64 sequences in batches of 16: here Keras's own losses by head are right too.
    for head, values in head_curves(result, "right").items():
        agree(values, history[f"{head}_loss"])
    assert result.epochs[-1].left.total < 0.9 * result.epochs[0].left.total


# An XLA program computes a loss by the same function, and takes as long to compile as the rest of the test.
# `tests/backend/training/export/test_script.py` compares Sequential with `fit` in every test run, and `test_program.py`
# the smaller last batch of an epoch.
@pytest.mark.parametrize(
    ("sides", "xla_program", "changes"),
    [
        ([1], False, {**UNLIKE, "same_start": False}),
        pytest.param([1], True, {**UNLIKE, "same_start": False}, marks=pytest.mark.soak),
        ([0, 1], False, {**BINARY, "combine": "own", "weights": [0.3, 2]}),
        pytest.param(
            [0, 1], False, {**BINARY, "heads": [ALL_LOSSES[4]], "validation": 0, "timesteps": 8}, marks=pytest.mark.soak
        ),
    ],
)
def test_curves_equal_those_of_fit_for_every_loss(sides, xla_program, changes):
    setting = experiment(learning_rate=0.01, epochs=3, **changes)
    result = run(setting, xla_program=xla_program)
    for side in sides:
        name, history = ("left", "right")[side], fit(setting, side)
        agree(curve(result, name), history["loss"])
        if setting.parts[1]:
            agree(curve(result, name, "val_total"), history["val_loss"])
        # 64 sequences in batches of 16: here Keras's own losses by head are right too.
        for head, values in head_curves(result, name).items():
            if f"{head}_loss" in history:
                agree(values, history[f"{head}_loss"])
    assert (result.epochs[0].left.val_total is None) == (setting.parts[1] == 0)


@pytest.mark.parametrize(
    ("validation", "changes"),
    [(0.2, {}), *(pytest.param(share, UNLIKE, marks=pytest.mark.soak) for share in (0.2, 0))],
)
def test_a_run_keeps_predictions_and_weights_of_each_snapshot_which_are_those_of_keras_after_that_epoch(
    validation, changes
):
    def setting(epochs):
        return experiment(epochs=epochs, validation=validation, **changes)

    result = run(setting(2))
    trained = {1: run(setting(1)).weights, 2: result.weights}
    architecture, first = setting(2).architecture, 64 if validation else 0
    dataset = generate(architecture, setting(2).sequences, ())
    assert [snapshot.epoch for snapshot in result.snapshots] == [0, 1, 2]
    styles = setting(2).styles()
    models = [build(style.write(architecture), setting(2).training.seed) for style in styles]
    start = weights_of(models[0])
    trained[0] = {"left": start, "right": transfer_weights(start, architecture, *styles)}
    for snapshot in result.snapshots:
        for side, model, style in zip(("left", "right"), models, styles, strict=True):
            weights = trained[snapshot.epoch][side]
            load(model, weights)
            outputs = by_head(model(dataset.x[first:]), architecture, style)
            for name, predicted in snapshot.predictions[side].items():
                np.testing.assert_allclose(predicted, outputs[name], rtol=1e-4, atol=1e-5)
                np.testing.assert_array_equal(result.predictions.truth[name], dataset.y[name][first:])
            for block in edges(architecture, style):
                drawn = getattr(snapshot, side)[block.key]
                np.testing.assert_allclose(drawn, edge_weights(block, weights), rtol=1e-6)


#: The last batch of each epoch has 4 sequences.
SMALLER_LAST = {"samples": 105, "epochs": 2, "seeds": 2}


@pytest.mark.parametrize(
    "changes", [SMALLER_LAST, pytest.param({**UNLIKE, "samples": 1001, "epochs": 2}, marks=pytest.mark.soak)]
)
def test_no_bit_depends_on_how_long_a_chunk_took_or_on_what_was_trained_before(changes):
    """Chunks of one step each, of as many as a clock allows, and of a whole epoch."""
    setting = experiment(**changes)
    first, *others = (run(setting, chunk_seconds=seconds) for seconds in (0, 1e9, 0.003, 0.003, 1e9))
    assert first.epochs[0].left.val_total
    assert [snapshot.epoch for snapshot in first.snapshots] == [0, 1, 2], "of the first seed"
    for other in others:
        assert bits(other) == bits(first)


@pytest.mark.parametrize("events", [0, 1, 2, 5])
def test_a_cancelled_training_stops_before_its_next_event(events):
    context = Recorder(cancel_after=events)
    with pytest.raises(Cancelled):
        run(experiment(), context)
    assert len(context.events) == events


@pytest.mark.parametrize("changes", [{}, {"learning_rate": 100.0}])
def test_a_seed_has_the_same_bits_alone_and_in_any_group(changes):
    """Also where each diverges: that stops no other seed."""
    setting = experiment(samples=64, **changes)
    groups = [train_seeds(SeedsJob(experiment=setting, seeds=seeds), Context()) for seeds in ((7, 3, 5), (3,))]
    alone = [run(experiment(samples=64, seed=seed, **changes)) for seed in (7, 3, 5)]
    assert [bits(each) for each in groups[0]] == [bits(each) for each in alone]
    assert bits(groups[1][0]) == bits(alone[1])
    assert [each.experiment.training.seed for each in groups[0]] == [7, 3, 5]


def test_a_diverging_loss_stops_the_run_between_two_snapshots_and_keeps_the_epochs_before():
    setting = experiment(optimizer="sgd", learning_rate=0.6, epochs=100, validation=0)  # snapshots after 0, 2, 4, …
    result = run(setting)
    assert result.stopped.endswith(" in epoch 2. Training diverges at a learning rate of 0.6; try a smaller one.")
    assert [snapshot.epoch for snapshot in result.snapshots] == [0, len(result.epochs)] == [0, 1]
    for side in ("left", "right"):
        assert np.isfinite(curve(result, side)).all()
        assert all(np.isfinite(array).all() for arrays in result.weights[side].values() for array in arrays)


def test_a_training_that_was_prepared_traces_nothing_and_has_the_bits_of_a_cold_one():
    """Also if the preparation was one of other settings with the same graphs."""
    setting = experiment(**SMALLER_LAST)
    uncached()
    first = run(setting)
    uncached()
    prepare(PrepareJob(experiment=experiment(**SMALLER_LAST | {"learning_rate": 0.1, "seed": 9})), Context())
    prepared = run(setting)
    assert (first.timings.traced > 0, prepared.timings.traced) == (True, 0)
    assert bits(prepared) == bits(first)
