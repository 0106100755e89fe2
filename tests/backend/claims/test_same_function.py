"""Claim 3: outputs of models with equal weights differ by round-off; with other weights they differ by more."""

import math

import pytest

from backend.claims.base import verdict
from backend.claims.same_function import CLAIM, ROUND_OFF, Batch, Outputs
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
    judged,
    measured_from,
)


def batches(difference, output=0.5):
    one, many = Batch(difference=0.0, output=output), Batch(difference=difference, output=output)
    return Outputs(batches={1: one, 32: many})


def test_round_off_is_no_difference_and_more_is():
    found = verdict(CLAIM, DEFAULT, batches(3e-8))
    assert found.kind == "true"
    assert "differ by at most 3.0 × 10⁻⁸" in found.finding
    assert [row["equal to the last bit"] for row in found.table] == ["✓ yes", "✗ no"]
    assert found.answer == "yes, except for round-off"
    assert verdict(CLAIM, DEFAULT, batches(0.0)).answer == "yes, to the last bit"
    assert verdict(CLAIM, DEFAULT, batches(2 * 0.5 * ROUND_OFF)).kind == "false"
    assert verdict(CLAIM, DEFAULT, batches(2 * 0.5 * ROUND_OFF, output=50.0)).kind == "true"


def test_outputs_that_are_not_finite_are_not_compared():
    found = verdict(CLAIM, DEFAULT, batches(math.nan))
    assert (found.kind, found.answer) == ("undecided", None)


def test_the_picture_has_a_point_for_each_output_by_head():
    shown = Outputs(batches=batches(0.0).batches, shown=([[1, 2, 3], [4, 5, 6]], [[1, 2, 3], [4, 5, 7]]))
    on = experiment(heads=(head("level"), head("trend", units=2)))
    level, trend = verdict(CLAIM, on, shown).picture.points
    assert (level.x, level.y) == ((1, 4), (1, 4))
    assert (trend.x, trend.y) == ((2, 5, 3, 6), (2, 5, 3, 7))


@pytest.mark.parametrize(("on", "reason"), [(ONE_HEAD, "a single head is one output"), (MIXED, ""), (HIDDEN, "")])
def test_not_applicable_without_a_fused_model(on, reason):
    found = verdict(CLAIM, on, None)
    assert found.kind == "not applicable"
    assert reason in found.finding


@pytest.mark.slow
@pytest.mark.parametrize(
    "on", [DEFAULT, SEVERAL_UNITS, *(pytest.param(each, marks=pytest.mark.soak) for each in (SIXTEEN, NO_DENSE))]
)
def test_equal_weights_give_equal_outputs_in_real_keras(on):
    assert judged(CLAIM, on).kind == "true"


@pytest.mark.slow
def test_other_weights_make_it_false():
    source = CLAIM.code(DEFAULT)
    start = source.index("x = np.random")
    changed = 'b.get_layer("trend").kernel.assign(1.001 * b.get_layer("trend").kernel)\n'
    found = measured_from(CLAIM, source[:start] + changed + source[start:])
    assert verdict(CLAIM, DEFAULT, found).kind == "false"
