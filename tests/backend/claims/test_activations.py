"""Claim 9: the layers multiplied out, without activations and with them."""

import pytest

from backend.claims.activations import CLAIM, Deviation, Deviations
from backend.claims.base import verdict
from tests.backend.claims.cases import (
    BENT,
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
)


def row(product, midpoint):
    return Deviation(product=product, midpoint=midpoint, largest=0.5)


EVIDENCE = Deviations(without=row(5e-8, 4e-8), activated=row(0.3, 0.05))


def test_true_where_the_trunk_has_no_activation_and_conditionally_true_where_it_has_one():
    found = verdict(CLAIM, DEFAULT, EVIDENCE)
    assert found.kind == "true"
    assert "`Dense(8) → Dense(2)` computes the same as a single `Dense(2)` (difference: 5.0 × 10⁻⁸)" in found.finding
    found = verdict(CLAIM, BENT, EVIDENCE)
    assert found.kind == "conditionally true"
    assert "Yours has relu" in found.finding
    assert [line["activations in the trunk"] for line in found.table] == ["linear → linear", "relu → linear"]


def test_the_evidence_decides():
    assert verdict(CLAIM, DEFAULT, EVIDENCE.model_copy(update={"without": row(0.01, 0.01)})).kind == "false"
    assert verdict(CLAIM, DEFAULT, EVIDENCE.model_copy(update={"activated": row(0.3, 0.0)})).kind == "within noise"


@pytest.mark.parametrize(("on", "reason"), [(NO_DENSE, "no Dense layer"), (HIDDEN, "every head has hidden layers")])
def test_not_applicable_where_no_layers_can_be_merged(on, reason):
    found = verdict(CLAIM, on, None)
    assert found.kind == "not applicable"
    assert reason in found.finding


@pytest.mark.slow
@pytest.mark.parametrize(
    ("on", "kind"),
    [
        (DEFAULT, "true"),
        (ONE_HEAD, "true"),
        (SIXTEEN, "true"),
        (SEVERAL_UNITS, "true"),
        (MIXED, "true"),
        (experiment(heads=(head("mean"), head("trend", hidden=(4,)))), "true"),
        (BENT, "conditionally true"),
    ],
)
def test_real_layers_merge_without_activations_and_not_with_them(on, kind):
    evidence = measured(CLAIM, on)
    assert evidence.without.product < 1e-6
    assert evidence.without.midpoint < 1e-6
    assert evidence.activated.product > 0.01
    assert evidence.activated.midpoint > 0.001
    assert verdict(CLAIM, on, evidence).kind == kind
