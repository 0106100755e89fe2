"""Claim 1: counted by Keras, compared with the calculated number, and decided by the counts."""

import pytest

from backend.claims.base import verdict
from backend.claims.parameters import CLAIM, Counts
from backend.experiment.styles import STYLES
from tests.backend.claims.cases import (
    DEFAULT,
    HIDDEN,
    MIXED,
    NO_DENSE,
    ONE_HEAD,
    SEVERAL_UNITS,
    SIXTEEN,
    judged,
    measured,
)

EQUAL = dict.fromkeys(STYLES, 4762)


def test_true_where_all_counts_are_equal_and_false_where_one_is_not():
    found = verdict(CLAIM, DEFAULT, Counts(parameters=EQUAL))
    assert found.kind == "true"
    assert found.finding.startswith("Keras counts 4,762 trainable parameters in every style")
    assert found.table[0] == {
        "style": "Sequential", "layer by layer": "4,480 + 264 + 18", "calculated": "4,762",
        "counted by Keras": "4,762",
    }  # fmt: skip
    assert verdict(CLAIM, DEFAULT, Counts(parameters={**EQUAL, "functional": 4763})).kind == "false"


def test_hidden_layers_of_a_head_are_the_condition():
    found = judged(CLAIM, HIDDEN)
    assert found.kind == "conditionally true"
    counts = measured(CLAIM, HIDDEN).parameters
    assert set(counts) == {"functional", "subclassing"}
    # trend: 8 → 2 → 1 → 1 and mean: 8 → 1 → 1, in place of two of 8 → 1
    more = (8 * 2 + 2) + (2 + 1) + (1 + 1) + (8 + 1) + (1 + 1) - 2 * (8 + 1)
    assert set(counts.values()) == {4762 + more}
    assert f"the network has {4762 + more:,} parameters. Without them, it would have 4,762" in found.finding


@pytest.mark.slow
@pytest.mark.parametrize("on", [DEFAULT, ONE_HEAD, SIXTEEN, SEVERAL_UNITS, MIXED, NO_DENSE])
def test_keras_counts_the_calculated_number(on):
    found = judged(CLAIM, on)
    assert found.kind == "true"
    assert all(row["calculated"] == row["counted by Keras"] for row in found.table)
    assert len(found.table) == sum(not style.unsupported_reason(on.architecture) for style in STYLES.values())
