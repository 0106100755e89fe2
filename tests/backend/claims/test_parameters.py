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
    assert CLAIM.proposition(DEFAULT) == "All 4 styles give this network 4,762 trainable parameters."
    assert found.finding == "Keras counts 4,762 in each. The heads have 18 of them, in one layer or as 9 + 9."
    assert found.answer == "yes, all the same"
    joined, split = found.picture.bars
    assert [value for value, _ in split.parts] == [value for value, _ in joined.parts] == [9, 9]
    assert found.table[0] == {
        "style": "Sequential", "layer by layer": "4,480 + 264 + 18", "calculated": "4,762",
        "counted by Keras": "4,762", "equal": "✓ yes",
    }  # fmt: skip
    found = verdict(CLAIM, DEFAULT, Counts(parameters={**EQUAL, "functional": 4763}))
    assert (found.kind, found.answer) == ("false", None), "Subclassing does not need more"
    more = Counts(parameters={**EQUAL, "functional": 4763, "subclassing": 4763})
    assert verdict(CLAIM, DEFAULT, more).answer == "no, a layer for each head needs more"
    wrong = verdict(CLAIM, DEFAULT, Counts(parameters=dict.fromkeys(STYLES, 4761)))
    assert (wrong.kind, wrong.answer) == ("false", "yes, all the same"), "not the number of the proposition"


@pytest.mark.slow
def test_hidden_layers_of_a_head_count_where_they_can_be_written():
    found = judged(CLAIM, HIDDEN)
    assert found.kind == "true"
    counts = measured(CLAIM, HIDDEN).parameters
    assert set(counts) == {"functional", "subclassing"}
    # trend: 8 → 2 → 1 → 1 and level: 8 → 1 → 1, in place of two of 8 → 1
    more = (8 * 2 + 2) + (2 + 1) + (1 + 1) + (8 + 1) + (1 + 1) - 2 * (8 + 1)
    assert set(counts.values()) == {4762 + more}
    assert CLAIM.proposition(HIDDEN).startswith(f"Both styles that can write this network give it {4762 + more:,} ")
    assert "cannot write this network" in found.why


@pytest.mark.slow
@pytest.mark.parametrize(
    "on",
    [
        DEFAULT,
        ONE_HEAD,
        SEVERAL_UNITS,
        *(pytest.param(each, marks=pytest.mark.soak) for each in (SIXTEEN, MIXED, NO_DENSE)),
    ],
)
def test_keras_counts_the_calculated_number(on):
    found = judged(CLAIM, on)
    assert found.kind == "true"
    assert all(row["calculated"] == row["counted by Keras"] for row in found.table)
    assert len(found.table) == sum(not style.unsupported_reason(on.architecture) for style in STYLES.values())
