"""Claim 9: the layers multiplied out, without activations and with them."""

import pytest

from backend.claims.activations import CLAIM, Map, Maps
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


def row(multiplied, midpoint):
    return Map(multiplied=multiplied, midpoint=midpoint, largest=0.5)


EVIDENCE = Maps(without=row(5e-8, 4e-8), bent=row(0.3, 0.05))


def test_true_where_the_trunk_has_no_activation_and_true_if_where_it_has():
    found = verdict(CLAIM, DEFAULT, EVIDENCE)
    assert found.kind == "true"
    assert "`Dense(8) → Dense(2)` is `Dense(2)`: off by 5.0e-08" in found.finding
    found = verdict(CLAIM, BENT, EVIDENCE)
    assert found.kind == "true if"
    assert "yours has relu" in found.finding
    assert [line["activations in the trunk"] for line in found.table] == ["linear → linear", "relu → linear"]


def test_the_evidence_decides():
    assert verdict(CLAIM, DEFAULT, EVIDENCE.model_copy(update={"without": row(0.01, 0.01)})).kind == "false"
    assert verdict(CLAIM, DEFAULT, EVIDENCE.model_copy(update={"bent": row(0.3, 0.0)})).kind == "within noise"


@pytest.mark.parametrize(("on", "reason"), [(NO_DENSE, "no Dense layer"), (HIDDEN, "every head has hidden layers")])
def test_does_not_apply_where_nothing_can_collapse(on, reason):
    found = verdict(CLAIM, on, {})
    assert found.kind == "does not apply"
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
        (BENT, "true if"),
    ],
)
def test_real_layers_collapse_without_activations_and_not_with(on, kind):
    evidence = measured(CLAIM, on)
    assert evidence.without.multiplied < 1e-6
    assert evidence.without.midpoint < 1e-6
    assert evidence.bent.multiplied > 0.01
    assert evidence.bent.midpoint > 0.001
    assert verdict(CLAIM, on, evidence).kind == kind
