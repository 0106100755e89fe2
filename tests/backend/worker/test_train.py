"""The paired trainer against plain `model.fit` of the shown source, and what it promises around that."""

from functools import cache

import numpy as np
import pytest
from cachetools import LRUCache

import backend.worker.train
from backend.experiment.dataset import generate
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.url import read_query
from backend.jobs.compression import Compressed
from backend.jobs.runtime import Cancelled, Context
from backend.network.neurons import edge_weights, edges
from backend.training.finding import answer
from backend.training.job import PrepareJob, SeedsJob, epochs_of
from backend.worker.build import build, load, transfer_weights, weights_of
from backend.worker.build import heads_of as by_head
from backend.worker.train import AHEAD, CACHE, prepare, train_seeds
from tests.backend.worker.trainings import (
    ALL_LOSSES,
    REGRESSION,
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
@pytest.mark.parametrize("second_gear", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_curves_equal_those_of_fit_for_every_loss_and_a_smaller_last_batch(second_gear):
    setting = experiment(learning_rate=0.01, same_start=False, samples=90, epochs=3, **UNLIKE)
    history = fit(setting, 1)
    result = run(setting, second_gear=second_gear)
    agree(curve(result, "right"), history["loss"])
    agree(curve(result, "right", "val_total"), history["val_loss"])


# `tests/backend/training/export/test_script.py` compares Sequential with `fit` in every test run.
@pytest.mark.parametrize(
    ("styles", "changes"),
    [
        (("functional_fused", "functional"), {**BINARY, "combine": "own", "weights": [0.3, 2]}),
        pytest.param(
            ("sequential", "functional_fused"), {"heads": [ALL_LOSSES[1]], "dense": ()}, marks=pytest.mark.soak
        ),
        pytest.param(
            ("functional_fused", "functional"),
            {"heads": [ALL_LOSSES[4]], "samples": 75, "validation": 0, "timesteps": 8},
            marks=pytest.mark.soak,
        ),
        pytest.param(
            ("sequential", "subclassing"),
            {
                "heads": [{**head, "loss": "huber"} for head in REGRESSION],
                "combine": "mean",
                "samples": 70,
                "validation": 0,
            },
            marks=pytest.mark.soak,
        ),
    ],
)
def test_curves_equal_those_of_fit_for_every_loss(styles, changes):
    changes = changes | {"left": styles[0], "right": styles[1]}
    setting = experiment(learning_rate=0.01, epochs=3, **changes)
    result = run(setting)
    assert result.styles == styles
    for side, name in enumerate(("left", "right")):
        history = fit(setting, side)
        agree(curve(result, name), history["loss"])
        if "val_loss" in history:
            agree(curve(result, name, "val_total"), history["val_loss"])
        else:
            assert result.epochs[0].left.val_total is None


def test_confident_heads_of_a_fused_cross_entropy_add_up_too():
    result = run(experiment(learning_rate=30, epochs=6, **BINARY))
    totals, parts = curve(result, "left"), head_curves(result, "left")
    assert totals.max() > 5
    np.testing.assert_allclose(totals, (parts["yes_no"] + parts["again"]) / 2, rtol=1e-5)


def test_the_sum_of_two_equal_heads_is_twice_their_mean_before_training():
    result = run(experiment(learning_rate=1e-5, epochs=1, **BINARY))
    assert result.epochs[0].ratio == pytest.approx(2, rel=1e-3)


def test_a_compiled_style_is_reused_and_starts_afresh():
    uncached()
    setting = experiment(epochs=3)
    first = run(setting)
    again = run(setting)
    assert first.timings.traced > 0
    assert again.timings.traced == 0
    np.testing.assert_allclose(curve(first, "left"), curve(again, "left"), rtol=1e-6)
    changed = experiment(epochs=4, learning_rate=0.02, seed=9, combine="mean", samples=120)
    result = run(changed)
    assert result.timings.traced == 0
    history = fit(changed, 1)
    agree(curve(result, "right"), history["loss"])
    # 96 sequences in batches of 16: here Keras's own losses by head are right too.
    for head, values in head_curves(result, "right").items():
        agree(values, history[f"{head}_loss"])


@pytest.mark.parametrize(
    ("validation", "changes"),
    [(0.2, {}), *(pytest.param(share, UNLIKE, marks=pytest.mark.soak) for share in (0.2, 0))],
)
def test_predictions_of_each_snapshot_are_those_of_keras_after_that_epoch(validation, changes):
    def setting(epochs):
        return experiment(epochs=epochs, validation=validation, **changes)

    result = run(setting(2))
    trained = {epoch: run(setting(epoch)) for epoch in (1, 2)}
    architecture, first = setting(2).architecture, 64 if validation else 0
    dataset = generate(architecture, setting(2).sequences, ())
    assert [snapshot.epoch for snapshot in result.snapshots] == [0, 1, 2]
    models = [build(style.write(architecture), setting(2).training.seed) for style in setting(2).styles()]
    start = weights_of(models[0])
    for snapshot in result.snapshots:
        for side, model in zip(("left", "right"), models, strict=True):
            if snapshot.epoch:
                load(model, trained[snapshot.epoch].weights[side])
            elif side == "right":
                load(model, transfer_weights(start, architecture, *setting(2).styles()))
            style = setting(2).styles()[("left", "right").index(side)]
            outputs = by_head(model(dataset.x[first:]), architecture, style)
            for name, predicted in snapshot.predictions[side].items():
                np.testing.assert_allclose(predicted, outputs[name], rtol=1e-4, atol=1e-5)
                np.testing.assert_array_equal(result.predictions.truth[name], dataset.y[name][first:])
    for side in ("left", "right"):
        for name, predicted in getattr(result.predictions, side).items():
            np.testing.assert_array_equal(predicted, result.snapshots[-1].predictions[side][name])


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


def test_the_same_style_on_both_sides_trains_twice():
    result = run(experiment(left="functional", right="functional", epochs=3))
    np.testing.assert_allclose(curve(result, "left"), curve(result, "right"), rtol=1e-6)
    assert result.epochs[2].left.total < result.epochs[0].left.total


# The same two styles with momentum, then with SGD: what has been traced serves the next test, too.


@pytest.mark.parametrize("samples", [80, 90])
@pytest.mark.parametrize("combine", ["sum", "mean", "own"])
def test_losses_of_the_heads_add_up_to_the_total(samples, combine):
    setting = experiment(samples=samples, combine=combine, weights=[2, 0.25], epochs=3)
    result = run(setting)
    fused, own = (1 / 3, 2 / 3), setting.training.loss_weights(setting.architecture)
    for side, shares in (("left", fused), ("right", own)):
        for total, heads in (("total", "heads"), ("val_total", "val_heads")):
            parts = head_curves(result, side, heads)
            weighted = sum(share * parts[name] for share, name in zip(shares, heads_of(result), strict=True))
            np.testing.assert_allclose(curve(result, side, total), weighted, rtol=1e-5)


def test_own_start_differs_between_styles_and_same_start_does_not():
    for same in (True, False):
        result = run(experiment(same_start=same, epochs=1))
        start = result.snapshots[0]
        assert start.epoch == 0
        assert all(np.array_equal(start.left[key], start.right[key]) for key in start.left) is same


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"samples": 700, "batch": 1, "epochs": 2}, marks=pytest.mark.soak),
        {"samples": 401, "batch": 7, "epochs": 3, "seeds": 2},
        pytest.param(
            {"heads": ALL_LOSSES, "left": "functional", "right": "subclassing", "samples": 1001, "epochs": 2},
            marks=pytest.mark.soak,
        ),
    ],
)
def test_no_bit_depends_on_how_long_a_chunk_took_or_on_what_was_trained_before(changes):
    """Chunks of one step each, of as many as a clock allows, and of a whole epoch."""
    setting = experiment(**changes)
    first, *others = (run(setting, chunk_seconds=seconds) for seconds in (0, 1e9, 0.003, 0.003, 1e9))
    assert first.epochs[0].left.val_total
    for other in others:
        assert bits(other) == bits(first)


def test_an_earlier_run_with_the_size_of_the_last_batch_changes_no_bit():
    setting = experiment(samples=100, validation=0, epochs=3)  # its last batch has 4 sequences
    first = run(setting)
    run(experiment(samples=100, validation=0, epochs=1, batch=4))
    again = run(setting)
    assert again.timings.traced == 0
    assert bits(again) == bits(first)


def test_seeds_run_one_after_the_other_on_the_same_sequences():
    result = run(experiment(seeds=2, epochs=2))
    alone = run(experiment(seed=6, epochs=2))
    assert [(epoch.seed, epoch.epoch) for epoch in result.epochs] == [(5, 1), (5, 2), (6, 1), (6, 2)]
    np.testing.assert_allclose(curve(result, "right")[2:], curve(alone, "right"), rtol=1e-6)
    assert [snapshot.epoch for snapshot in result.snapshots] == [0, 1, 2]


def test_a_run_keeps_final_weights_predictions_and_progress():
    context = Recorder()
    setting = experiment(epochs=4)
    result = run(setting, context)
    assert [event.phase for event in context.events[:3]] == ["building", "tracing", "training"]
    assert [epoch.epoch for epoch in epochs_of(context.events)] == [1, 2, 3, 4]
    dataset = generate(setting.architecture, setting.sequences, setting.parts)
    for side, style in zip(("left", "right"), setting.styles(), strict=True):
        model = build(style.write(setting.architecture))
        load(model, result.weights[side])
        outputs = model(dataset.x[64:])
        outputs = np.split(outputs, [1], axis=1) if side == "left" else outputs
        for head, expected in zip(("one", "two"), outputs, strict=True):
            np.testing.assert_allclose(getattr(result.predictions, side)[head], expected, rtol=1e-4, atol=1e-5)
            np.testing.assert_array_equal(result.predictions.truth[head], dataset.y[head][64:])
        last = result.snapshots[-1]
        for block in edges(setting.architecture, style):
            np.testing.assert_allclose(getattr(last, side)[block.key], edge_weights(block, result.weights[side]))
    assert result.timings.steps == 4 * 4
    assert type(result).model_validate_json(result.model_dump_json()).epochs == result.epochs


@pytest.mark.parametrize("events", [0, 1, 2, 5])
def test_a_cancelled_training_stops_before_its_next_event(events):
    context = Recorder(cancel_after=events)
    with pytest.raises(Cancelled):
        run(experiment(), context)
    assert len(context.events) == events


@pytest.mark.parametrize("changes", [{}, {"optimizer": "sgd", "learning_rate": 100.0}])
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


def test_a_run_that_stops_between_two_snapshots_keeps_its_last_epoch():
    setting = experiment(optimizer="sgd", learning_rate=0.6, epochs=100, validation=0)  # snapshots after 0, 2, 4, …
    result = run(setting)
    assert [snapshot.epoch for snapshot in result.snapshots] == [0, len(result.epochs)] == [0, 1]
    model = build(setting.styles()[1].write(setting.architecture))
    load(model, result.weights["right"])
    x = generate(setting.architecture, setting.sequences, setting.parts).x
    for head, expected in zip(("one", "two"), model(x), strict=True):
        np.testing.assert_allclose(result.predictions.right[head], expected, rtol=1e-4, atol=1e-5)


def test_a_diverging_loss_stops_the_run_and_keeps_the_epochs_before():
    result = run(experiment(optimizer="sgd", learning_rate=10, combine="sum"))
    assert result.stopped == (
        f"{_whose(result)} in epoch {len(result.epochs) + 1}. "
        "Training diverges at a learning rate of 10; try a smaller one."
    )
    assert len(result.epochs) < 20
    for side in ("left", "right"):
        assert np.isfinite(curve(result, side)).all()
        assert all(np.isfinite(array).all() for arrays in result.weights[side].values() for array in arrays)
    assert np.isfinite(result.predictions.left["one"]).all()


def _whose(result):
    return result.stopped.split(" in epoch")[0]


# The rest forgets what the tests above have traced.

#: The last batch of each epoch has 4 sequences.
SMALLER_LAST = {"samples": 105, "epochs": 2, "seeds": 2}


@cache
def cold():
    uncached()
    return run(experiment(**SMALLER_LAST))


@pytest.mark.parametrize(
    "changes",
    [
        SMALLER_LAST,
        pytest.param({"samples": 40, "batch": 64, "epochs": 2, "right": "sequential"}, marks=pytest.mark.soak),
        pytest.param({"samples": 100, "validation": 0, "epochs": 3}, marks=pytest.mark.soak),
        pytest.param(
            {"heads": ALL_LOSSES, "left": "functional", "right": "functional", "optimizer": "momentum", "epochs": 2},
            marks=pytest.mark.soak,
        ),
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


@pytest.mark.parametrize("samples", ["1280", pytest.param("300", marks=pytest.mark.soak)])
def test_of_networks_that_died_at_a_high_rate_nothing_is_concluded(samples):
    heads = {"head": ["level....relu", "trend....relu"]}
    setting, _ = read_query({"learning_rate": ["1"], "epochs": ["4"], "samples": [samples], **heads})
    found = answer(setting, run(setting).epochs)
    assert "neither style predicted either task clearly better than a network with the same output" in found
    assert "made no difference" not in found
