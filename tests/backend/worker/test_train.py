"""The paired trainer against plain `model.fit` of the shown source, and what it promises around that."""

from functools import cache

import numpy as np
import pytest
from cachetools import LRUCache

import backend.worker.train
from backend.experiment.dataset import generate
from backend.experiment.optimizers import OPTIMIZERS
from backend.jobs.compression import Compressed
from backend.jobs.runtime import Cancelled, Context
from backend.network.neurons import edge_weights, edges
from backend.training.job import PrepareJob, SeedsJob, epochs_of
from backend.worker.build import build, load, transfer_weights, weights_of
from backend.worker.build import heads_of as by_head
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
    heads_of,
    run,
)

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
@pytest.mark.parametrize("second_gear", [False, True])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_curves_of_both_gears_equal_those_of_fit_for_every_optimizer(optimizer, second_gear):
    # High rates, at which any difference in rounding would grow from epoch to epoch.
    rate = {"sgd": 0.1, "rmsprop": 0.01}.get(optimizer, 0.03)
    styles = {"left": "functional", "right": "functional"}
    setting = experiment(optimizer=optimizer, learning_rate=rate, samples=64, validation=0, epochs=10, **styles)
    history = fit(setting, 1)
    result = run(setting, second_gear=second_gear)
    agree(curve(result, "right"), history["loss"])
    # 64 sequences in batches of 16: here Keras's own losses by head are right too.
    for head, values in head_curves(result, "right").items():
        agree(values, history[f"{head}_loss"])
    assert result.epochs[-1].left.total < 0.9 * result.epochs[0].left.total


# Both gears compute a loss by the same function: the second takes as long to compile as the rest of the test.
# `tests/backend/training/export/test_script.py` compares Sequential with `fit` in every test run, and `test_program.py`
# the smaller last batch of an epoch.
@pytest.mark.parametrize(
    ("sides", "second_gear", "changes"),
    [
        ([1], False, {**UNLIKE, "same_start": False}),
        pytest.param([1], True, {**UNLIKE, "same_start": False}, marks=pytest.mark.soak),
        ([0, 1], False, {**BINARY, "combine": "own", "weights": [0.3, 2]}),
        pytest.param(
            [0, 1], False, {**BINARY, "heads": [ALL_LOSSES[4]], "validation": 0, "timesteps": 8}, marks=pytest.mark.soak
        ),
    ],
)
def test_curves_equal_those_of_fit_for_every_loss(sides, second_gear, changes):
    setting = experiment(learning_rate=0.01, epochs=3, **changes)
    result = run(setting, second_gear=second_gear)
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


def test_confident_heads_of_a_fused_cross_entropy_add_up_too():
    result = run(experiment(learning_rate=30, epochs=6, **BINARY))
    totals, parts = curve(result, "left"), head_curves(result, "left")
    assert totals.max() > 5
    np.testing.assert_allclose(totals, (parts["yes_no"] + parts["again"]) / 2, rtol=1e-5)


@pytest.mark.parametrize(
    ("validation", "changes"),
    [(0.2, {}), *(pytest.param(share, UNLIKE, marks=pytest.mark.soak) for share in (0.2, 0))],
)
def test_a_run_keeps_predictions_and_weights_of_each_snapshot_which_are_those_of_keras_after_that_epoch(
    validation, changes
):
    def setting(epochs):
        return experiment(epochs=epochs, validation=validation, **changes)

    context = Recorder()
    result = run(setting(2), context)
    assert [event.phase for event in context.events[:3]] == ["building", "tracing", "training"]
    assert [epoch.epoch for epoch in epochs_of(context.events)] == [1, 2]
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
    for side in ("left", "right"):
        for name, predicted in getattr(result.predictions, side).items():
            np.testing.assert_array_equal(predicted, result.snapshots[-1].predictions[side][name])
    assert type(result).model_validate_json(result.model_dump_json()).epochs == result.epochs
    assert {epoch.right.dead for epoch in result.epochs} == {None}, "no unit has a ReLU"


def test_snapshots_of_a_wide_model_stay_small():
    heads = [{"name": f"head_{i}", "task": "level", "units": 2} for i in range(64)]
    setting = experiment(
        heads=heads, dense=({"units": 40},), epochs=60, samples=320, left="functional_fused", right="sequential"
    )
    result = run(setting)
    blocks = [
        block for snapshot in result.snapshots for side in (snapshot.left, snapshot.right) for block in side.values()
    ]
    predicted = [
        values for snapshot in result.snapshots for side in snapshot.predictions.values() for values in side.values()
    ]
    assert 2 <= len(result.snapshots) <= 50
    assert (result.snapshots[0].epoch, result.snapshots[-1].epoch) == (0, 60)
    assert sum(array.nbytes for array in blocks + predicted) <= 700_000
    assert max(max(block.shape) for block in blocks) <= 12
    assert {len(values) for values in predicted} == {32}, "fewer sequences where there are many heads"
    dataset = generate(setting.architecture, setting.sequences, setting.parts)
    model = build(setting.styles()[1].write(setting.architecture))
    load(model, result.weights["right"])
    for name, expected in zip(heads_of(result), np.split(model(dataset.x[256:288]), 64, axis=1), strict=True):
        np.testing.assert_allclose(result.predictions.right[name], expected, rtol=1e-4, atol=1e-5)
        np.testing.assert_array_equal(result.predictions.truth[name], dataset.y[name][256:288])
    assert len(Compressed.of(result).data) <= 2**20, "what a page keeps of a run"


# The same two styles with momentum, then with SGD: what has been traced serves the next test, too.


def test_losses_of_the_heads_add_up_to_the_total():
    setting = experiment(samples=90, combine="own", weights=[2, 0.25], epochs=3)
    result = run(setting)
    for side, shares in (("left", (1 / 3, 2 / 3)), ("right", (2, 0.25))):
        for total, heads in (("total", "heads"), ("val_total", "val_heads")):
            parts = head_curves(result, side, heads)
            weighted = sum(share * parts[name] for share, name in zip(shares, heads_of(result), strict=True))
            np.testing.assert_allclose(curve(result, side, total), weighted, rtol=1e-5)


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


def test_an_earlier_run_with_the_size_of_the_last_batch_changes_no_bit():
    setting = experiment(samples=100, validation=0, epochs=3)  # its last batch has 4 sequences
    first = run(setting)
    run(experiment(samples=100, validation=0, epochs=1, batch=4))
    again = run(setting)
    assert again.timings.traced == 0
    assert bits(again) == bits(first)


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


def test_mean_loss_weights_and_the_same_start_make_both_trainings_equal():
    result = run(experiment(combine="mean", optimizer="sgd", learning_rate=0.1))
    np.testing.assert_allclose(curve(result, "left"), curve(result, "right"), rtol=1e-5)
    np.testing.assert_allclose([epoch.ratio for epoch in result.epochs], 1, rtol=1e-5)


def test_the_sentence_of_a_stopped_run_does_not_depend_on_chunks():
    # Functional's loss becomes infinite after 7 steps, Sequential's grows through all the epoch.
    setting = experiment(optimizer="sgd", learning_rate=0.7, samples=4000, batch=4, validation=0)
    first, *others = (run(setting, chunk_seconds=seconds) for seconds in (0, 1e9, 0.003))
    assert first.stopped.startswith("Sequential and Functional")
    for other in others:
        assert bits(other) == bits(first)


def test_a_diverging_loss_stops_the_run_between_two_snapshots_and_keeps_the_epochs_before():
    setting = experiment(optimizer="sgd", learning_rate=0.6, epochs=100, validation=0)  # snapshots after 0, 2, 4, …
    result = run(setting)
    assert result.stopped.endswith(" in epoch 2. Training diverges at a learning rate of 0.6; try a smaller one.")
    assert [snapshot.epoch for snapshot in result.snapshots] == [0, len(result.epochs)] == [0, 1]
    for side in ("left", "right"):
        assert np.isfinite(curve(result, side)).all()
        assert all(np.isfinite(array).all() for arrays in result.weights[side].values() for array in arrays)
    model = build(setting.styles()[1].write(setting.architecture))
    load(model, result.weights["right"])
    x = generate(setting.architecture, setting.sequences, setting.parts).x
    for head, expected in zip(("one", "two"), model(x), strict=True):
        np.testing.assert_allclose(result.predictions.right[head], expected, rtol=1e-4, atol=1e-5)


# The rest forgets what the tests above have traced.


@cache
def cold():
    uncached()
    return run(experiment(**SMALLER_LAST))


@pytest.mark.parametrize(
    "changes",
    [
        SMALLER_LAST,
        pytest.param({"samples": 40, "batch": 64, "epochs": 2, "right": "sequential"}, marks=pytest.mark.soak),
    ],
)
def test_a_training_that_was_prepared_traces_nothing_and_has_the_bits_of_a_cold_one(changes):
    """Also if the preparation was one of other settings with the same graphs."""
    setting = experiment(**changes)
    uncached()
    first = cold() if changes == SMALLER_LAST else run(setting)
    uncached()
    prepare(PrepareJob(experiment=experiment(**changes | {"learning_rate": 0.1, "seed": 9})), Context())
    prepared = run(setting)
    assert (first.timings.traced > 0, prepared.timings.traced) == (True, 0)
    assert bits(prepared) == bits(first)


def test_a_cancelled_preparation_leaves_what_it_has_traced():
    class Stopped(Context):
        checks = 0

        def cancelled(self):
            self.checks += 1
            return self.checks > 1

    setting, first = experiment(**SMALLER_LAST), cold()
    uncached()
    with pytest.raises(Cancelled):
        prepare(PrepareJob(experiment=setting), Stopped())
    result = run(setting)
    assert 0 < result.timings.traced < first.timings.traced
    assert bits(result) == bits(first)


def test_a_preparation_evicts_no_style_that_was_trained(monkeypatch):
    monkeypatch.setattr(backend.worker.train, "CACHE", LRUCache(maxsize=2))  # the two sides fill it
    setting = experiment(epochs=1, right="sequential")
    run(setting)
    prepare(PrepareJob(experiment=experiment(dense=(), right="sequential")), Context())
    assert run(setting).timings.traced == 0
