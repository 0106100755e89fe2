"""Verdicts need evidence, and tables know which of their columns hold numbers."""

import pytest

from backend.claims import CLAIMS, verdict
from backend.claims.base import number_columns
from tests.backend.claims.cases import DEFAULT, judged


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=lambda claim: claim.key)
def test_an_applicable_claim_is_not_judged_without_evidence(claim):
    with pytest.raises(ValueError, match=f"claim {claim.number} cannot be judged without evidence"):
        verdict(claim, DEFAULT, None)


@pytest.mark.parametrize("cell", ["4,762", "0.0074", "3.0 × 10⁻⁸", "−1.5", "47%", "43 ms", "NaN or infinite", "–"])
def test_a_column_of_numbers_is_recognised(cell):
    assert number_columns([{"numbers": cell}, {"numbers": "1"}]) == ["numbers"]


@pytest.mark.parametrize("cell", ["yes", "47% to 50%", "(32, 2)", "3 of 3", "8 × 1 = 8"])
def test_a_column_with_any_other_text_is_not_a_column_of_numbers(cell):
    assert number_columns([{"text": cell}, {"text": "1"}]) == []


def test_a_column_without_a_number_is_not_a_column_of_numbers():
    assert number_columns([{"empty": ""}, {"empty": ""}]) == []
    assert number_columns([]) == []


@pytest.mark.slow
@pytest.mark.parametrize("key", [key for key, claim in CLAIMS.items() if claim.measured])
def test_the_figure_of_a_badge_is_that_of_the_finding(key):
    found = judged(CLAIMS[key], DEFAULT)
    assert found.figure in found.finding
