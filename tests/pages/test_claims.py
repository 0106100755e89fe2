"""Claims, by AppTest through the shell."""

import re
from functools import partial

import pytest

from backend.questions.claims import CLAIMS
from tests.builders.pages import again, button, click, replay, run, says, texts, until, visit

#: Little to build and to trace.
SMALL = {"timesteps": "4", "lstm": "4", "samples": "64", "batch": "16"}
RIGHT = CLAIMS["parameters"].options[0]
MIXED = ["level", "spike", "waveform..3"]
pytestmark = pytest.mark.usefixtures("recorded")
claims = partial(visit, "claims.py")


def predict(at, key, answer):
    return run(asked(at, key).set_value(answer))


def asked(at, key):
    """The question of a claim that awaits a prediction, or None."""
    return next((each for each in at.radio if each.key == f"claims.{key}.predict.{key}"), None)


def progress(at):
    """How far the tests are, as a screen reader reads it."""
    return re.search(r'role="status">(.*)</div>', "\n".join(texts(at)))[1]


def badges(at):
    return [text for text in texts(at) if "-badge[" in text]


def test_a_prediction_reveals_its_own_verdict_only_and_is_marked():
    at = until(predict(claims(**SMALL), "parameters", RIGHT), badges)
    (badge,) = badges(at)
    assert "✓" in badge
    assert RIGHT in badge
    assert progress(at) == f"1 of {len(CLAIMS)} tested · 1 of 1 prediction right"
    assert asked(at, "parameters") is None, "it is settled"
    predict(at, "advisor", "Sequential")
    assert "✗" in badges(at)[1], "it is answered at once"
    assert says(at, "1 of 2 ")
    assert not badges(claims(**SMALL)), "another visitor is asked for a prediction first"


def test_predictions_are_kept_over_pages_reloads_and_settings_until_they_are_cleared():
    at = until(predict(claims(**SMALL), "parameters", RIGHT), badges)
    run(at.switch_page("train.py"))
    run(at.switch_page("claims.py"))
    assert RIGHT in badges(at)[0]

    at.session_state["section.Input and shared layers"] = True
    run(at)
    run(at.number_input(key="architecture.features").set_value(3))
    assert not badges(at), "the number of parameters is another"
    run(at.number_input(key="architecture.features").set_value(2))
    assert RIGHT in badges(at)[0]

    reloaded = again(at, "claims.py", **SMALL)
    assert RIGHT in badges(reloaded)[0]
    click(reloaded, "Clear my predictions")
    assert not badges(reloaded)
    assert not badges(run(at))
    assert button(reloaded, "Clear my predictions").disabled


def test_cancel_ends_pending_measurements_and_test_all_requests_them_again():
    at = claims(**SMALL)
    replay(0)
    click(click(at, "Test all"), "Cancel")
    until(at, lambda at: "pending" not in progress(at))
    assert not progress(at).startswith(f"{len(CLAIMS)} of")
    assert says(at, "ancelled")
    replay(None)
    until(click(at, "Test all"), lambda at: progress(at).startswith(f"{len(CLAIMS)} of"))


@pytest.mark.parametrize("heads", ["level", MIXED])
def test_inapplicable_claims_say_why_immediately(heads):
    at = claims(head=heads)
    found = badges(at)
    assert found
    assert all(re.search(r"not applicable\*\*\] [A-Z]\w* \w+", text) for text in found)
    assert progress(at).startswith(f"0 of {len(CLAIMS) - len(found)} ")
    assert f" · {len(found)} not applicable" in progress(at)
