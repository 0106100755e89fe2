"""Whatever the settings: evidence that can be sent, a verdict that holds, code that is Python."""

import pickle

import pytest
from hypothesis import given, settings

from backend.claims import CLAIMS, activations, fully_connected, initial_weights, shapes
from backend.claims.base import verdict
from tests.backend.claims.cases import measured
from tests.builders.strategies import experiments

#: Claims whose evidence traces nothing, so that many architectures can be tried.
UNTRACED = [module.CLAIM for module in (fully_connected, shapes, initial_weights, activations)]


@given(experiments())
def test_an_inapplicable_claim_says_why_in_a_sentence(on):
    for claim in CLAIMS.values():
        reason = claim.inapplicable_reason(on)
        if reason:
            assert verdict(claim, on, None).finding == f"Not applicable, because {reason}."
        else:
            compile(claim.code(on), claim.key, "exec")
            assert claim.proposition(on).endswith(".")
            assert claim.proposition(on) == claim.proposition(on.unlabelled()), "a label is the visitor's own text"


@pytest.mark.slow
@settings(max_examples=2)
@given(experiments(small=True))
def test_the_evidence_of_any_architecture_gives_a_verdict(on):
    for claim in UNTRACED:
        if claim.inapplicable_reason(on):
            continue
        found = verdict(claim, on, pickle.loads(pickle.dumps(measured(claim, on))))
        assert found.kind in ("true", "undecided")
        assert found.answer in (*claim.options, None)
        assert (found.answer is None) == (found.kind == "undecided")
        assert len({tuple(row) for row in found.table}) == 1
