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


def answers(at):
    """The answers that are shown, in words."""
    found = [re.fullmatch(r'<p class="claim-answer">(.*)</p>', text) for text in texts(at)]
    return [each[1] for each in found if each]


def marks(at):
    return [text for text in texts(at) if "you predicted" in text]


def test_a_prediction_reveals_its_own_verdict_only_and_is_marked():
    at = until(predict(claims(**SMALL), "parameters", RIGHT), answers)
    assert answers(at) == ["Yes, 170 each"]
    (mark,) = marks(at)
    assert "✓" in mark
    assert RIGHT in mark
    assert progress(at) == f"1 of {len(CLAIMS)} tested · 1 of 1 prediction right"
    assert asked(at, "parameters") is None, "it is settled"
    predict(at, "advisor", "Sequential")
    assert "✗" in marks(at)[1], "it is answered at once"
    assert says(at, "1 of 2 ")
    assert not answers(claims(**SMALL)), "another visitor is asked for a prediction first"


def test_predictions_are_kept_over_pages_reloads_and_settings_until_they_are_cleared():
    at = until(predict(claims(**SMALL), "parameters", RIGHT), answers)
    run(at.switch_page("train.py"))
    run(at.switch_page("claims.py"))
    assert RIGHT in marks(at)[0]

    at.session_state["section.Input and shared layers"] = True
    run(at)
    run(at.number_input(key="architecture.features").set_value(3))
    assert not answers(at), "the number of parameters is another"
    run(at.number_input(key="architecture.features").set_value(2))
    assert RIGHT in marks(at)[0]

    reloaded = again(at, "claims.py", **SMALL)
    assert RIGHT in marks(reloaded)[0]
    click(reloaded, "Clear my predictions")
    assert not answers(reloaded)
    assert not answers(run(at))
    assert button(reloaded, "Clear my predictions").disabled


def test_cancel_ends_pending_measurements_and_test_all_requests_them_again():
    at = claims(**SMALL)
    replay(0)
    click(click(at, "Test all"), "Cancel")
    until(at, lambda at: "pending" not in progress(at))
    assert not progress(at).startswith(f"{len(CLAIMS)} of")
    assert says(at, "ancelled")
    replay(None)
    until(click(at, "Test all"), lambda at: progress(at).startswith(f"{len(CLAIMS) - 1} of"))
    assert [link for link in at.get("page_link") if "Speed" in link.proto.label], "Speed measures the last one"


def test_what_speed_has_measured_answers_the_claim_about_speed():
    at = predict(claims(), "speed", CLAIMS["speed"].options[0])
    assert len(answers(at)) == 1
    assert marks(at)
    at = predict(claims(lstm="4"), "speed", CLAIMS["speed"].options[0])
    assert not answers(at)
    assert says(at, "You predicted")


@pytest.mark.parametrize("heads", ["level", MIXED])
def test_inapplicable_claims_say_why_immediately(heads):
    at = claims(head=heads)
    assert not answers(at)
    found = [text for text in texts(at) if "Not applicable<" in text]
    assert found
    assert says(at, "A single head is" if heads == "level" else "One output layer has one")
    assert progress(at).startswith(f"0 of {len(CLAIMS) - len(found)} ")
    assert f" · {len(found)} not applicable" in progress(at)
