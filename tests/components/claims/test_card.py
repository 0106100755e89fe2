"""What a card says about a prediction."""

from backend.claims import Verdict
from components.claims.card import marked


def found(answer):
    return Verdict("true", "", "", answer=answer)


def test_a_prediction_stands_beside_what_was_measured():
    assert marked(found("yes"), "yes") == ":green[**✓ Right:** you predicted “yes”.]"
    assert marked(found("yes"), "no") == ":red[**✗ Not right:** you predicted “no”.] Measured: “yes”."
    assert "does not count" in marked(found(None), "no")
    assert marked(found("yes"), "no", "our advice") == ":red[**✗ Not right:** you predicted “no”.] Our advice: “yes”."
