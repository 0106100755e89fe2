"""Claim 9: the layers multiplied out, without activations and with them."""

import numpy as np
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


def test_the_proposition_and_the_answer_follow_the_trunks_activations():
    found = verdict(CLAIM, DEFAULT, EVIDENCE)
    assert found.kind == "true"
    assert CLAIM.proposition(DEFAULT) == (
        "Without activations, your `Dense(8) → Dense(2)` computes no more than a single `Dense(2)` could."
    )
    assert "their product gives the same output (difference: 5.0 × 10⁻⁸)" in found.finding
    assert found.answer == "yes, except for round-off"
    found = verdict(CLAIM, BENT, EVIDENCE)
    assert (found.kind, found.answer) == ("true", "no")
    assert CLAIM.proposition(BENT).startswith(
        "With relu, your `Dense(6) → Dense(5) → Dense(2)` computes something that"
    )
    assert [line["activations in the trunk"] for line in found.table] == ["linear → linear", "relu → linear"]


def test_the_evidence_decides():
    assert verdict(CLAIM, DEFAULT, EVIDENCE.model_copy(update={"without": row(0.01, 0.01)})).kind == "false"
    assert verdict(CLAIM, DEFAULT, EVIDENCE.model_copy(update={"activated": row(0.3, 0.0)})).kind == "true", (
        "without activations, the question is decided by the product alone"
    )
    assert verdict(CLAIM, BENT, EVIDENCE.model_copy(update={"activated": row(0.3, 0.0)})).kind == "undecided"


@pytest.mark.parametrize(("on", "reason"), [(NO_DENSE, "no Dense layer"), (HIDDEN, "every head has hidden layers")])
def test_not_applicable_where_no_layers_can_be_merged(on, reason):
    found = verdict(CLAIM, on, None)
    assert found.kind == "not applicable"
    assert reason in found.finding


@pytest.mark.slow
@pytest.mark.parametrize(
    "on",
    [
        DEFAULT,
        experiment(heads=(head("level"), head("trend", hidden=(4,)))),
        BENT,
        *(pytest.param(each, marks=pytest.mark.soak) for each in (ONE_HEAD, SIXTEEN, SEVERAL_UNITS, MIXED)),
    ],
)
def test_real_layers_merge_without_activations_and_not_with_them(on):
    evidence = measured(CLAIM, on)
    assert evidence.without.product < 1e-6
    assert evidence.without.midpoint < 1e-6
    assert evidence.activated.product > 0.01
    assert evidence.activated.midpoint > 0.001
    found = verdict(CLAIM, on, evidence)
    assert found.kind == "true"
    straight, bent = (line.values for line in found.picture.lines)
    assert np.abs(np.diff(straight, 2)).max() < 1e-5, "a linear function of inputs on a line is a line"
    assert np.abs(np.diff(bent, 2)).max() > 1e-4
