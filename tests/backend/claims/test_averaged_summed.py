"""Claim 5: ratios of loss and gradient that were measured, and remedies that restore the match or do not."""

import math

import numpy as np
import pytest

from backend.claims.averaged_summed import CLAIM
from backend.claims.base import verdict
from backend.experiment.architecture import Architecture, DenseLayer
from backend.experiment.training import Training
from tests.backend.claims.cases import (
    DEFAULT,
    HIDDEN,
    MIXED,
    NO_DENSE,
    ONE_HEAD,
    SEVERAL_UNITS,
    SIXTEEN,
    experiment,
    head,
    measured,
    printed,
)


def ratios(loss, *gradients, rest=0.0):
    rows = {f"dense_{i} kernel": {"ratio": ratio, "rest": rest} for i, ratio in enumerate(gradients or (loss,))}
    return {"loss": loss, "gradients": rows}


def evidence(default=None, yours=None, moved=(1.0, 1.0), **remedies):
    default = default or ratios(2.0)
    rows = {"none": (2.0, 0.1, 1e-3), "loss_weights": (1.0, 1e-16, 0.0), "rate": (2.0, 1e-16, 0.9), **remedies}
    return {
        "sequences": 256,
        "steps": 20,
        "default": default,
        "yours": yours or default,
        "remedies": {key: dict(zip(("loss", "sgd", "adam"), row, strict=True)) for key, row in rows.items()},
        "moved": dict(zip(("sgd", "adam"), moved, strict=True)),
    }


def on(**training):
    return DEFAULT.model_copy(update={"training": Training(**training)})


def restores(found):
    return {row["remedy"]: row["restores the match"] for row in found.table}


def test_true_with_k_where_heads_are_alike():
    found = verdict(CLAIM, DEFAULT, evidence())
    assert found.kind == "true"
    assert "2.000 times Sequential's: the factor is k = 2" in found.finding
    assert found.chart.series == {"without loss weights": [2.0]}


def test_equal_weights_flip_it():
    found = verdict(CLAIM, on(combine="mean"), evidence(yours=ratios(1.0)))
    assert found.kind == "true if"
    assert "With the mean's weights uᵢ/Σu Functional's loss is 1.000 times" in found.finding
    assert found.chart.series == {"without loss weights": [2.0], "with yours": [1.0]}


def test_own_weights_flip_it_too_unless_they_are_all_1():
    assert verdict(CLAIM, on(combine="own", weights=(3.0, 0.0)), evidence(yours=ratios(1.4))).kind == "true if"
    assert verdict(CLAIM, on(combine="own", weights=(1.0, 1.0)), evidence()).kind == "true"


@pytest.mark.parametrize("loss", [1.0, 0.5, 4.0])
def test_false_where_the_ratio_is_not_that_of_a_sum(loss):
    assert verdict(CLAIM, DEFAULT, evidence(ratios(loss))).kind == "false"


def test_heads_of_several_units_have_no_one_factor():
    found = verdict(CLAIM, SEVERAL_UNITS, evidence(ratios(3.1, 2.2, 2.9, rest=0.46)))
    assert found.kind == "true"
    assert "not k = 3: head i counts Σu/uᵢ times as much (mean 2 times, trend 6 times, last 3 times)" in found.finding
    assert "2.20 to 2.90 times" in found.finding
    assert "46%" in found.finding


def test_the_remedies_are_told_by_what_was_measured():
    assert restores(verdict(CLAIM, DEFAULT, evidence())) == {
        "none": "no",
        "`loss_weights` 1/2": "yes",
        "Sequential's learning rate × 2": "with plain SGD alone",
    }
    changed = restores(verdict(CLAIM, DEFAULT, evidence(rate=(2.0, 0.3, 0.9), loss_weights=(1.0, 0.0, 0.2))))
    assert changed["Sequential's learning rate × 2"] == "no"
    assert changed["`loss_weights` 1/2"] == "with plain SGD alone"


def test_a_training_that_left_the_numbers_tells_nothing():
    lost = math.inf
    rows = {"none": (2.0, lost, 1e-3), "loss_weights": (1.0, lost, 0.0), "rate": (2.0, lost, 0.9)}
    found = verdict(CLAIM, DEFAULT, evidence(moved=(lost, 1.0), **rows))
    assert restores(found)["`loss_weights` 1/2"] == "yes (cannot tell with plain SGD)"
    assert {row["outputs differ after 20 steps, plain SGD"] for row in found.table} == {"NaN or infinite"}
    assert set(restores(verdict(CLAIM, DEFAULT, evidence(moved=(lost, lost), **rows))).values()) == {"cannot tell"}


def test_two_dead_networks_restore_nothing():
    rows = {"none": (2.0, 0.0, 0.0), "loss_weights": (1.0, 0.0, 0.0), "rate": (2.0, 0.0, 0.0)}
    found = verdict(CLAIM, DEFAULT, evidence(moved=(math.nan, math.nan), **rows))
    assert set(restores(found).values()) == {"cannot tell"}
    assert "agreement shows nothing" in found.why


@pytest.mark.slow
def test_outputs_that_became_constant_are_seen():
    where = experiment(timesteps=3, lstm=(4,), dense=(DenseLayer(units=1, activation="relu"),))
    died = where.model_copy(update={"training": Training(learning_rate=0.05, seed=0)})
    moved = measured(CLAIM, died)["moved"]
    assert math.isnan(moved["adam"])
    assert moved["sgd"] > 0


def test_without_a_gradient_or_a_loss_nothing_is_divided():
    dead = evidence({"loss": 2.0, "gradients": {"dense kernel": {"ratio": math.nan, "rest": math.nan}}})
    found = verdict(CLAIM, DEFAULT, dead)
    assert "No gradient reaches the trunk" in found.finding
    assert found.chart is None
    assert verdict(CLAIM, DEFAULT, evidence(ratios(math.nan))).kind == "does not apply"


@pytest.mark.parametrize("where", [ONE_HEAD, MIXED, HIDDEN])
def test_does_not_apply_without_a_fused_twin(where):
    assert verdict(CLAIM, where, {}).kind == "does not apply"


@pytest.mark.slow
def test_the_thread_s_network():
    found = measured(CLAIM, DEFAULT)
    assert found["default"]["loss"] == pytest.approx(2.0, abs=1e-9)
    assert list(found["default"]["gradients"]) == [
        "lstm kernel", "lstm recurrent kernel", "lstm bias", "dense kernel", "dense bias",
    ]  # fmt: skip
    for row in found["default"]["gradients"].values():
        assert row["ratio"] == pytest.approx(2.0, abs=1e-9)
        assert row["rest"] < 1e-9
    judged = verdict(CLAIM, DEFAULT, found)
    assert judged.kind == "true"
    assert restores(judged) == {
        "none": "no",
        "`loss_weights` 1/2": "yes",
        "one fused output, Dense(2)": "yes",
        "Sequential's learning rate × 2": "with plain SGD alone",
        '`reduction="sum"` in both': "no",
    }
    assert {key: row["loss"] for key, row in found["remedies"].items()} == pytest.approx(
        {"none": 2, "loss_weights": 1, "fused": 1, "rate": 2, "reduction": 2}
    )


@pytest.mark.slow
@pytest.mark.parametrize("loss", ["mse", "mae", "huber"])
def test_the_mean_s_weights_give_1_for_every_loss(loss):
    heads = (head("mean", loss=loss), head("trend", loss=loss), head("last", loss=loss))
    where = experiment(lstm=(4,), heads=heads).model_copy(update={"training": Training(combine="mean")})
    found = measured(CLAIM, where)
    assert found["default"]["loss"] == pytest.approx(3.0)
    assert found["yours"]["loss"] == pytest.approx(1.0)
    assert verdict(CLAIM, where, found).kind == "true if"


@pytest.mark.slow
def test_several_units():
    found = measured(CLAIM, SEVERAL_UNITS)
    assert 2 < found["default"]["loss"] < 6
    assert max(row["rest"] for row in found["default"]["gradients"].values()) > 0.01
    judged = restores(verdict(CLAIM, SEVERAL_UNITS, found))
    assert judged["Sequential's learning rate × 3"] == "no"
    assert judged["`loss_weights` uᵢ/Σu"] == "yes"


@pytest.mark.slow
@pytest.mark.parametrize(("where", "k"), [(SIXTEEN, 16), (NO_DENSE, 2)])
def test_unusual_architectures(where, k):
    found = measured(CLAIM, where)
    assert found["default"]["loss"] == pytest.approx(k)
    judged = verdict(CLAIM, where, found)
    assert judged.kind == "true"
    assert list(restores(judged).values()) == ["no", "yes", "yes", "with plain SGD alone", "no"]


@pytest.mark.slow
@pytest.mark.parametrize("combine", ["sum", "own"])
def test_its_code_prints_the_ratios(combine):
    where = DEFAULT.model_copy(
        update={
            "architecture": Architecture(lstm=(4,)),
            "training": Training(combine=combine, weights=(2.0, 2.0) if combine == "own" else ()),
        }
    )
    values = [float(line.rpartition(" ")[2]) for line in printed(CLAIM, where).splitlines()]
    assert np.allclose(values, [2.0, 1.0, 4.0][: len(values)], rtol=1e-4)
    assert len(values) == (3 if combine == "own" else 2)
