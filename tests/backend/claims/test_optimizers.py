"""Claim 6: which optimizers forgive the factor, by how far the styles came apart."""

import math

import keras
import pytest

from backend.claims.base import verdict
from backend.claims.optimizers import CLAIM, TITLES
from backend.training import OPTIMIZERS, Training
from backend.worker.evidence.optimizers import measure
from backend.worker.runtime import Cancelled, Context, flag
from tests.backend.claims.cases import (
    DEFAULT,
    HIDDEN,
    MIXED,
    NO_DENSE,
    ONE_HEAD,
    SEVERAL_UNITS,
    experiment,
    measured,
    printed,
)

ADAPTIVE = ("adam", "adamw")
SHORT = experiment(timesteps=3, lstm=(3, 3), dense=(), heads=NO_DENSE.architecture.heads)


def row(summed, mean=1e-15, moved=2.0):
    return {"moved": moved, "sum": summed, "mean": mean}


def evidence(**changed):
    rows = {name: row(1e-3 if name in ADAPTIVE else 1.0) for name in OPTIMIZERS}
    return {
        "steps": 100,
        "sequences": 256,
        "optimizers": {**rows, **changed},
        "clipnorm": {"limit": 0.1, **row(1, 0.1)},
    }


def test_every_optimizer_on_offer_has_a_title():
    assert set(TITLES) == set(OPTIMIZERS)


def test_true_only_with_those_that_part():
    found = verdict(CLAIM, DEFAULT, evidence())
    assert found.kind == "true if"
    assert "Adam and AdamW forgive it: after 100 steps the predictions are apart by up to 0.05% " in found.finding
    assert "With SGD, SGD with momentum and RMSprop they are apart by up to 50%" in found.finding
    assert "the mean of the losses every one keeps them together, to 5e-16" in found.finding
    assert list(found.chart.series) == ["sum", "mean"]
    assert found.chart.x == list(TITLES.values())


def test_the_evidence_decides():
    assert verdict(CLAIM, DEFAULT, evidence(adam=row(1.0), adamw=row(0.5))).kind == "true"
    kept = {name: row(1e-9) for name in OPTIMIZERS}
    assert verdict(CLAIM, DEFAULT, evidence(**kept)).kind == "false"


def test_a_mean_that_does_not_agree_is_named():
    found = verdict(CLAIM, DEFAULT, evidence(rmsprop=row(1.0, mean=0.2)))
    assert "With the mean of the losses, RMSprop still parts" in found.finding
    assert {line["optimizer"]: line["agrees with the mean"] for line in found.table} == {
        **dict.fromkeys(TITLES.values(), "yes"),
        "RMSprop": "no",
        "SGD, clipnorm 0.1": "no",
    }


def test_what_left_the_numbers_or_did_not_move_is_no_evidence():
    found = verdict(CLAIM, DEFAULT, evidence(sgd=row(math.inf, math.inf, math.inf), momentum=row(0.0, 0.0, 0.0)))
    assert found.kind == "true if"
    assert [line["forgives the factor"] for line in found.table][:2] == ["cannot tell", "cannot tell"]
    assert found.chart.x == ["Adam", "AdamW", "RMSprop"]
    nothing = {name: row(0.0, 0.0, 0.0) for name in OPTIMIZERS}
    assert verdict(CLAIM, DEFAULT, evidence(**nothing)).kind == "does not apply"


def test_a_sum_alone_that_left_the_numbers_is_not_forgiven():
    found = verdict(CLAIM, DEFAULT, evidence(sgd=row(math.inf)))
    assert "With SGD, SGD with momentum and RMSprop they are apart by more than any number" in found.finding
    assert "SGD" not in found.chart.x


@pytest.mark.parametrize("where", [ONE_HEAD, MIXED, HIDDEN])
def test_does_not_apply_without_a_fused_twin(where):
    assert verdict(CLAIM, where, {}).kind == "does not apply"


@pytest.mark.slow
def test_the_thread_s_network_at_a_rate_that_sgd_needs():
    where = DEFAULT.model_copy(update={"training": Training(learning_rate=0.05)})
    found = measured(CLAIM, where)
    assert found["steps"] == 100
    rows = found["optimizers"]
    assert rows["sgd"]["sum"] > 0.05
    assert rows["sgd"]["mean"] < 1e-12
    assert all(row["mean"] < 1e-6 * row["moved"] for row in rows.values())
    assert found["clipnorm"]["mean"] > 1e-3


@pytest.mark.slow
def test_the_thread_s_network_at_its_own_rate():
    found = measured(CLAIM, DEFAULT)
    rows = found["optimizers"]
    assert 1e-5 < rows["adam"]["sum"] < 1e-2, "Adam almost cancels the factor; its epsilon does not let it vanish"
    assert all(row["mean"] < 1e-10 for row in rows.values())
    judged = verdict(CLAIM, DEFAULT, found)
    assert judged.kind == "true if"
    assert {line["optimizer"] for line in judged.table if line["forgives the factor"] == "yes"} >= {"Adam", "AdamW"}
    assert judged.table[0]["forgives the factor"] == "no"
    assert judged.table[-1]["agrees with the mean"] == "no"


@pytest.mark.slow
@pytest.mark.parametrize("where", [SEVERAL_UNITS, SHORT])
def test_unusual_architectures(where):
    found = measured(CLAIM, where)
    judged = verdict(CLAIM, where, found)
    assert judged.kind == ("true" if where is SEVERAL_UNITS else "true if")
    assert {line["agrees with the mean"] for line in judged.table[:-1]} == {"yes"}
    assert 5 <= found["steps"] <= 100


@pytest.mark.slow
def test_it_stops_at_once_when_cancelled_and_leaves_float32_behind():
    context = Context("claim 6, cancelled")
    flag(context.job_id)
    with pytest.raises(Cancelled):
        measure(DEFAULT, context)
    assert keras.config.floatx() == "float32"


@pytest.mark.slow
def test_its_code_shows_adam_near_and_the_mean_nearer():
    summed, mean = (line.split() for line in printed(CLAIM, experiment(timesteps=3, lstm=(4,))).splitlines()[-2:])
    assert (summed[0], mean[0]) == ("sum", "mean")
    assert float(summed[2]) > 1e-2 > float(summed[4])
    assert max(float(mean[2]), float(mean[4])) < 1e-9
