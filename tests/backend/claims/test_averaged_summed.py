"""Claim 5: ratios of loss and gradient that were measured, and remedies that restore the match or do not."""

import math

import numpy as np
import pytest

from backend.claims.averaged_summed import CLAIM, Gradient, LossRatios, Ratios, Remedy
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
    experiment,
    head,
    measured,
    printed,
)


def ratios(loss, *gradients, unexplained=0.0):
    rows = {
        f"dense_{i} kernel": Gradient(ratio=ratio, unexplained=unexplained)
        for i, ratio in enumerate(gradients or (loss,))
    }
    return Ratios(loss=loss, gradients=rows)


def evidence(default=None, yours=None, moved=(1.0, 1.0), **remedies):
    default = default or ratios(2.0)
    rows = {"none": (2.0, 0.1, 1e-3), "loss_weights": (1.0, 1e-16, 0.0), "rate": (2.0, 1e-16, 0.9), **remedies}
    return LossRatios(
        sequences=256,
        steps=20,
        default=default,
        yours=yours or default,
        remedies={
            key: Remedy(loss=loss, differences={"sgd": sgd, "adam": adam}) for key, (loss, sgd, adam) in rows.items()
        },
        moved=dict(zip(("sgd", "adam"), moved, strict=True)),
    )


def on(**training):
    return DEFAULT.model_copy(update={"training": Training(**training)})


def agreeing(found):
    """Whether the styles agree with plain SGD and with Adam, by remedy."""
    return {row["remedy"]: tuple(row[f"styles agree, {rule}"] for rule in ("plain SGD", "Adam")) for row in found.table}


SPIKES = experiment(timesteps=4, heads=tuple(head("spike", name=f"s{i}") for i in range(5)))
YES, NO, OPEN = "✓ yes", "✗ no", "? undecided"


def bars(found):
    return {bar.label: bar.parts[0][0] for bar in found.picture.bars}


def test_true_with_k_where_heads_are_alike():
    found = verdict(CLAIM, DEFAULT, evidence())
    assert found.kind == "true"
    assert "2.000 times Sequential's. The factor is k = 2" in found.finding
    assert found.answer == "k times as large, for k heads"
    assert bars(found) == {"Sequential": 1.0, "Functional, sum": 2.0, "Functional, mean": 1.0}


@pytest.mark.parametrize(("ratio", "option"), [(1.001, 2), (0.999, 2), (1 + 1e-9, 0), (2.001, 2), (2 + 1e-9, 1)])
def test_a_ratio_near_1_or_k_is_another_ratio_but_for_round_off(ratio, option):
    found = verdict(CLAIM, on(combine="own", weights=(ratio / 2, ratio / 2)), evidence(yours=ratios(ratio)))
    assert (found.answer, found.kind) == (CLAIM.options[option], "true" if option else "false")


def test_false_with_the_mean_s_loss_weights():
    found = verdict(CLAIM, on(combine="mean"), evidence(yours=ratios(1.0)))
    assert (found.kind, found.answer) == ("false", "equal")
    assert "(with the loss weights of a mean)" in CLAIM.proposition(on(combine="mean"))
    assert "With the loss weights uᵢ/Σu (your mean), Functional's loss is 1.000 times" in found.finding
    assert bars(found)["Functional, mean"] == 1.0


def test_own_loss_weights_decide():
    found = verdict(CLAIM, on(combine="own", weights=(3.0, 0.0)), evidence(yours=ratios(1.4)))
    assert (found.kind, found.answer) == ("true", "in another ratio")
    assert bars(found)["Functional, your weights"] == 1.4
    assert verdict(CLAIM, on(combine="own", weights=(1.0, 1.0)), evidence()).kind == "true"


@pytest.mark.parametrize(("loss", "kind"), [(1.0, "false"), (0.5, "true"), (4.0, "true")])
def test_a_ratio_that_is_not_that_of_a_sum_is_named(loss, kind):
    found = verdict(CLAIM, DEFAULT, evidence(ratios(loss)))
    assert found.kind == kind
    assert "That is not the ratio of a sum to a mean." in found.finding


def test_heads_of_several_units_have_different_factors():
    found = verdict(CLAIM, SEVERAL_UNITS, evidence(ratios(3.1, 2.2, 2.9, unexplained=0.46)))
    assert found.kind == "true"
    assert "not the number of heads, k = 3" in found.finding
    assert "counts Σu/uᵢ times as much" in found.finding
    assert "(level 2 times, trend 6 times, last 3 times)" in found.finding
    assert "2.20 to 2.90 times" in found.why
    assert "46%" in found.why


def test_gradients_of_different_size_and_equal_direction_do_not_differ_in_direction():
    why = verdict(CLAIM, SEVERAL_UNITS, evidence(ratios(3.1, 2.2, 2.9))).why
    assert "2.20 to 2.90 times Sequential's." in why
    assert "direction" not in why


def test_the_measured_differences_decide_about_each_remedy():
    assert agreeing(verdict(CLAIM, DEFAULT, evidence())) == {
        "none": (NO, NO),
        "`loss_weights` 1/2": (YES, YES),
        "learning rate × 2 for Sequential": (YES, NO),
    }
    changed = agreeing(verdict(CLAIM, DEFAULT, evidence(rate=(2.0, 0.3, 0.9), loss_weights=(1.0, 0.0, 0.2))))
    assert changed["learning rate × 2 for Sequential"] == (NO, NO)
    assert changed["`loss_weights` 1/2"] == (YES, NO)


def test_a_training_that_became_infinite_leaves_a_remedy_undecided():
    lost = math.inf
    rows = {"none": (2.0, lost, 1e-3), "loss_weights": (1.0, lost, 0.0), "rate": (2.0, lost, 0.9)}
    found = verdict(CLAIM, DEFAULT, evidence(moved=(lost, 1.0), **rows))
    assert agreeing(found)["`loss_weights` 1/2"] == (OPEN, YES)
    assert {row["largest difference after 20 steps, plain SGD"] for row in found.table} == {"NaN or infinite"}
    assert set(agreeing(verdict(CLAIM, DEFAULT, evidence(moved=(lost, lost), **rows))).values()) == {(OPEN, OPEN)}


def test_two_dead_networks_leave_every_remedy_undecided():
    rows = {"none": (2.0, 0.0, 0.0), "loss_weights": (1.0, 0.0, 0.0), "rate": (2.0, 0.0, 0.0)}
    found = verdict(CLAIM, DEFAULT, evidence(moved=(math.nan, math.nan), **rows))
    assert set(agreeing(found).values()) == {(OPEN, OPEN)}
    assert "agreement shows nothing" in found.why


@pytest.mark.slow
def test_outputs_that_became_constant_are_detected():
    where = experiment(timesteps=3, lstm=(4,), dense=(DenseLayer(units=1, activation="relu"),))
    died = where.model_copy(update={"training": Training(learning_rate=0.05, seed=0)})
    moved = measured(CLAIM, died).moved
    assert math.isnan(moved["adam"])
    assert moved["sgd"] > 0


def test_without_a_gradient_or_a_loss_there_is_no_ratio():
    dead = evidence(ratios(2.0, math.nan, unexplained=math.nan))
    found = verdict(CLAIM, DEFAULT, dead)
    assert "Sequential's gradient on the trunk is 0" in found.why
    assert verdict(CLAIM, DEFAULT, evidence(ratios(math.nan))).kind == "undecided"


@pytest.mark.parametrize("where", [ONE_HEAD, MIXED, HIDDEN])
def test_not_applicable_without_a_fused_model(where):
    assert verdict(CLAIM, where, None).kind == "not applicable"


@pytest.mark.slow
def test_the_thread_s_network():
    found = measured(CLAIM, DEFAULT)
    assert found.default.loss == pytest.approx(2.0, abs=1e-9)
    assert list(found.default.gradients) == [
        "lstm kernel", "lstm recurrent kernel", "lstm bias", "dense kernel", "dense bias",
    ]  # fmt: skip
    for row in found.default.gradients.values():
        assert row.ratio == pytest.approx(2.0, abs=1e-9)
        assert row.unexplained < 1e-9
    judged = verdict(CLAIM, DEFAULT, found)
    assert judged.kind == "true"
    assert agreeing(judged) == {
        "none": (NO, NO),
        "`loss_weights` 1/2": (YES, YES),
        "one fused output, Dense(2)": (YES, YES),
        "learning rate × 2 for Sequential": (YES, NO),
        '`reduction="sum"` in both styles': (NO, NO),
    }
    assert {key: row.loss for key, row in found.remedies.items()} == pytest.approx(
        {"none": 2, "loss_weights": 1, "fused": 1, "rate": 2, "reduction": 2}
    )


@pytest.mark.slow
@pytest.mark.parametrize("loss", [*(pytest.param(each, marks=pytest.mark.soak) for each in ("mse", "mae")), "huber"])
def test_the_mean_s_weights_give_1_for_every_loss(loss):
    heads = (head("level", loss=loss), head("trend", loss=loss), head("last", loss=loss))
    where = experiment(timesteps=2, lstm=(3,), heads=heads).model_copy(update={"training": Training(combine="mean")})
    found = measured(CLAIM, where)
    assert found.default.loss == pytest.approx(3.0)
    assert found.yours.loss == pytest.approx(1.0)
    assert verdict(CLAIM, where, found).kind == "false"


@pytest.mark.soak
def test_several_units():
    found = measured(CLAIM, SEVERAL_UNITS)
    assert 2 < found.default.loss < 6
    assert max(row.unexplained for row in found.default.gradients.values()) > 0.01
    judged = agreeing(verdict(CLAIM, SEVERAL_UNITS, found))
    assert judged["learning rate × 3 for Sequential"] == (NO, NO)
    assert judged["`loss_weights` uᵢ/Σu"] == (YES, YES)


@pytest.mark.soak
@pytest.mark.parametrize(("where", "k"), [(SPIKES, 5), (NO_DENSE, 2)])
def test_unusual_architectures(where, k):
    found = measured(CLAIM, where)
    assert found.default.loss == pytest.approx(k)
    judged = verdict(CLAIM, where, found)
    assert judged.kind == "true"
    assert list(agreeing(judged).values()) == [(NO, NO), (YES, YES), (YES, YES), (YES, NO), (NO, NO)]


@pytest.mark.slow
@pytest.mark.parametrize("combine", [pytest.param("sum", marks=pytest.mark.soak), "own"])
def test_its_code_prints_the_ratios(combine):
    where = DEFAULT.model_copy(
        update={
            "architecture": Architecture(timesteps=3, lstm=(3,)),
            "training": Training(combine=combine, weights=(2.0, 2.0) if combine == "own" else ()),
        }
    )
    values = [float(line.rpartition(" ")[2]) for line in printed(CLAIM, where).splitlines()]
    assert np.allclose(values, [2.0, 1.0, 4.0][: len(values)], rtol=1e-4)
    assert len(values) == (3 if combine == "own" else 2)
