"""Claim 11: what `fit` logs, added up, with and without a short last batch."""

import math

import pytest

from backend.claims.base import verdict
from backend.claims.history_trap import CLAIM, Fit, Fits, sizes
from backend.experiment.dataset import Sequences
from backend.experiment.training import Training
from backend.jobs.runtime import Context
from backend.training.job import TrainJob
from backend.worker.train import train
from tests.backend.claims.cases import DEFAULT, ONE_HEAD, SIXTEEN, SMALL, experiment, head, measured

#: Heads with several losses, numbers of units and hidden layers.
UNLIKE = experiment(
    timesteps=8, lstm=(3,), heads=(head("level", hidden=(2,)), head("spike"), head("waveform", units=3))
)


def fit(sequences, last, total, *logged, weighted=None):
    names = [f"h{i}" for i in range(len(logged))]
    return Fit(
        sequences=sequences,
        last=last,
        total=total,
        logged=dict(zip(names, logged, strict=True)),
        weighted=dict(zip(names, weighted or logged, strict=True)),
    )


FULL = fit(512, 32, 2.0, 1.25, 0.75)
SHORT = fit(484, 4, 2.0, 1.0, 0.75, weighted=(1.25, 0.75))


def evidence(*fits):
    return Fits(fits=fits)


def on(samples=1280, where=DEFAULT, **training):
    update = {"training": Training(**training), "sequences": Sequences(samples=samples)}
    return where.model_copy(update=update)


def test_the_visitor_s_own_last_batch_decides():
    found = verdict(CLAIM, DEFAULT, evidence(FULL, SHORT))
    assert (found.kind, found.answer) == ("true", "only if the last batch is full")
    assert "Yours add up: 1,024 training sequences fill all batches of 32" in found.finding
    assert "add up to 1.75, the total is 2." in found.finding
    assert [bar.parts[0][0] for bar in found.picture.bars] == [0.0, -12.5]
    found = verdict(CLAIM, on(samples=100), evidence(SHORT, FULL))
    assert found.kind == "true"
    assert "Yours do not add up, because the last batch has only 16 of your 80 sequences" in found.finding


def test_false_if_the_losses_add_up_with_a_short_batch():
    found = verdict(CLAIM, DEFAULT, evidence(FULL, fit(484, 4, 2.0, 1.25, 0.75)))
    assert (found.kind, found.answer) == ("false", "always")
    never = verdict(CLAIM, DEFAULT, evidence(fit(512, 32, 2.0, 1.0, 0.75), SHORT))
    assert (never.kind, never.answer) == ("false", "never")


def test_the_sum_uses_the_loss_weights():
    halves = on(combine="mean")
    found = verdict(CLAIM, halves, evidence(fit(512, 32, 1.0, 1.25, 0.75), fit(484, 4, 1.0, 1.25, 0.75)))
    assert found.kind == "false"
    assert found.table[0]["sum of the head losses in `History`"] == "1"


def test_an_infinite_loss_is_not_added_up():
    found = verdict(CLAIM, DEFAULT, evidence(FULL, fit(484, 4, math.nan, math.nan, 1.0)))
    assert (found.kind, found.answer) == ("undecided", None)


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        (ONE_HEAD, "with a single head"),
        (on(batch=1), "the last batch is never smaller"),
        (on(samples=32, batch=512), "all 26 training sequences fit into one batch of 512"),
        (on(combine="own", weights=(0.0, 0.0)), "all loss weights are 0"),
    ],
)
def test_not_applicable(where, reason):
    found = verdict(CLAIM, where, None)
    assert found.kind == "not applicable"
    assert reason in found.finding


@pytest.mark.parametrize(
    ("train", "batch"), [(1024, 32), (100, 32), (33, 32), (64, 32), (4096, 2), (513, 512), (26, 25)]
)
def test_one_size_is_a_multiple_of_the_batch_and_one_is_not(train, batch):
    short, full = sizes(train, batch)
    assert short % batch == (train % batch or max(1, batch // 8))
    assert full % batch == 0
    assert max(short, full) <= train
    assert min(short, full) >= batch


@pytest.mark.slow
@pytest.mark.parametrize(
    "where",
    [
        pytest.param(on(samples=125), marks=pytest.mark.soak),
        on(samples=125, where=SMALL, combine="own", weights=(2.0, 0.5)),
    ],
)
def test_a_real_fit_of_100_sequences_in_batches_of_32(where):
    found = measured(CLAIM, where)
    weights = where.training.loss_weights(where.architecture)
    short, full = found.fits
    assert (short.sequences, short.last, full.sequences, full.last) == (100, 4, 96, 32)
    for logged, expected in ((short.weighted, short), (full.logged, full)):
        added = sum(w * loss for w, loss in zip(weights, logged.values(), strict=True))
        assert added == pytest.approx(expected.total, rel=1e-5)
    assert abs(sum(w * loss for w, loss in zip(weights, short.logged.values(), strict=True)) - short.total) > 1e-3
    assert verdict(CLAIM, where, found).kind == "true"


@pytest.mark.slow
@pytest.mark.parametrize(
    "where", [DEFAULT, *(pytest.param(each, marks=pytest.mark.soak) for each in (SIXTEEN, UNLIKE))]
)
def test_other_layouts(where):
    found = verdict(CLAIM, where, measured(CLAIM, where))
    assert found.kind == "true"
    full, short = found.table
    assert full["last batch"] == "32 of 32"
    assert short["sum of the head losses in `History`"] != short["total loss in `History`"]


# That its losses add up is tested in `tests/backend/worker/test_train.py`, too.
@pytest.mark.soak
def test_our_own_trainer_adds_up_with_a_short_batch():
    run = train(TrainJob(experiment=on(samples=125, where=SMALL, epochs=2)), Context())
    for epoch in run.epochs:
        assert sum(epoch.right.heads.values()) == pytest.approx(epoch.right.total, rel=1e-5)
