"""Claim 7: bits counted after a real fit, so one that differs is one too many."""

import math

import numpy as np
import pytest

from backend.claims.base import verdict
from backend.claims.exactly_equal import CLAIM, Compared, Layer, Trained
from backend.experiment.training import Training
from tests.backend.claims.cases import (
    BENT,
    DEFAULT,
    HIDDEN,
    MIXED,
    ONE_HEAD,
    SEVERAL_UNITS,
    SMALL,
    experiment,
    measured,
)

#: Heads of several units on layers with activations.
SEVERAL_BENT = experiment(
    timesteps=4, features=3, lstm=(3,), dense=BENT.architecture.dense, heads=SEVERAL_UNITS.architecture.heads
)


def part(numbers, start=None, end=None, difference=0.0):
    given = {"numbers": numbers, "end": numbers if end is None else end, "difference": difference}
    return Compared(**given) if start is None else Layer(start=start, **given)


def evidence(lstm=None, outputs=None, moved=0.05):
    weights = {"lstm": lstm or part(4480, 4480), "dense": part(264, 264), "dense_1": part(18, 18)}
    return Trained(weights=weights, outputs=outputs or part(512), moved=moved)


def test_true_where_all_bits_are_equal():
    found = verdict(CLAIM, DEFAULT, evidence())
    assert found.kind == "true"
    assert "All 4,762 weights and all 512 numbers of the output" in found.finding
    assert "Training changed a weight by up to 0.05" in found.why
    assert found.answer == "yes"
    assert [value for value, _ in found.picture.items] == ["4,762 of 4,762", "512 of 512"]
    assert len({tuple(row) for row in found.table}) == 1


def test_one_different_bit_makes_it_false():
    found = verdict(CLAIM, DEFAULT, evidence(part(4480, 4480, end=4479, difference=1e-8)))
    assert found.kind == "false"
    assert "1 of 4,762 weights and 0 of 512 numbers of the output differ" in found.finding
    assert found.answer == "only before training"
    assert found.table[0]["equal after training"] == "✗ 4,479 of 4,480"
    assert verdict(CLAIM, DEFAULT, evidence(outputs=part(512, end=511, difference=1e-9))).kind == "false"


@pytest.mark.parametrize("differences", [(0.5, math.nan), (math.nan, 0.5)])
def test_a_weight_that_became_nan_is_reported_wherever_it_is(differences):
    layer, outputs = (part(n, n, 0, difference) for n, difference in zip((4480, 512), differences, strict=True))
    assert "and some became NaN or infinite." in verdict(CLAIM, DEFAULT, evidence(layer, outputs)).finding


@pytest.mark.parametrize("ends", [(1.0, math.nan), (math.nan, 1.0)])
def test_the_script_says_that_a_weight_of_any_layer_became_nan(ends):
    (line,) = (each for each in CLAIM.code(DEFAULT).splitlines() if each.startswith("moved = "))
    names = {"np": np, "a_start": [np.zeros(1)] * 2, "a_end": [np.array([end]) for end in ends]}
    exec(line, names)
    assert math.isnan(names["moved"])


def test_different_initial_weights_are_distinguished_from_training():
    found = verdict(CLAIM, DEFAULT, evidence(part(4480, 0, end=0, difference=0.3)))
    assert found.kind == "false"
    assert "The weights differ before training starts" in found.finding
    assert found.answer == "no"


def test_weights_that_became_infinite_are_reported():
    assert "weights became NaN or infinite" in verdict(CLAIM, DEFAULT, evidence(moved=math.nan)).why


@pytest.mark.parametrize("where", [MIXED, HIDDEN])
def test_not_applicable_without_a_fused_model(where):
    found = verdict(CLAIM, where, None)
    assert found.kind == "not applicable"
    assert "one output layer" in found.finding


@pytest.mark.slow
@pytest.mark.parametrize(
    "where", [DEFAULT, *(pytest.param(each, marks=pytest.mark.soak) for each in (ONE_HEAD, SEVERAL_BENT))]
)
def test_equal_in_every_bit_in_real_keras(where):
    found = measured(CLAIM, where)
    assert found.moved > 1e-3
    assert verdict(CLAIM, where, found).kind == "true"


@pytest.mark.slow
def test_equal_in_every_bit_also_after_overflow():
    where = SMALL.model_copy(update={"training": Training(optimizer="sgd", learning_rate=100.0)})
    assert verdict(CLAIM, where, measured(CLAIM, where)).kind == "true"
