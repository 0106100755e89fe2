"""Claims, by AppTest through the shell."""

import pytest

from backend.claims import CLAIMS
from tests.pages.helpers import button, until

pytestmark = pytest.mark.jobs

TITLE = "Which of the thread's claims are true?"
#: Little to build and to trace.
SMALL = {"timesteps": "4", "lstm": "4", "samples": "64", "batch": "16"}
MIXED = ["mean", "spike", "waveform..3"]


@pytest.fixture
def claims(page):
    def open_claims(**query):
        return page("claims.py", TITLE, **query)

    return open_claims


def pills(at, key):
    return next(group for group in at.button_group if group.key.startswith(f"claim.{key}."))


def predict(at, key, answer):
    pills(at, key).set_value(answer).run()
    assert not at.exception
    return at


def click(at, label):
    button(at, label).click().run()
    assert not at.exception
    return at


def progress(at):
    return next(element.proto.text for element in at.get("progress"))


def how_many(at):
    return int(progress(at).split()[0])


def badges(at):
    return [element.value for element in at.markdown if "-badge[" in element.value]


def test_no_verdict_is_shown_before_a_prediction(claims):
    at = claims()
    assert progress(at) == f"0 of {len(CLAIMS)} tested"
    assert not badges(at)
    assert [heading.value for heading in at.main.header] == [f"{c.number}. {c.title}" for c in CLAIMS.values()]


def test_a_prediction_reveals_its_own_verdict_only(claims):
    at = predict(claims(**SMALL), "parameters", "yes")
    until(at, badges)
    assert len(badges(at)) == 1
    assert "your prediction: “yes”" in badges(at)[0]
    assert "trainable parameters in every style" in badges(at)[0]
    assert progress(at) == f"1 of {len(CLAIMS)} tested: 1 true"

    other = claims(**SMALL)
    assert not badges(other), "another visitor is asked for a prediction first"


def test_a_prediction_is_kept_while_other_pages_are_visited(claims):
    at = until(predict(claims(**SMALL), "parameters", "yes"), badges)
    at.switch_page("train.py").run()
    at.switch_page("claims.py").run()
    assert not at.exception
    assert "your prediction: “yes”" in badges(at)[0]


def test_other_settings_need_a_new_prediction(claims):
    at = until(predict(claims(**SMALL), "parameters", "yes"), badges)
    at.number_input(key="architecture.features").set_value(3).run()
    assert not badges(at)


def test_the_advisor_answers_at_once_and_follows_the_needs(claims):
    at = predict(claims(), "advisor", "Sequential")
    assert "Sequential" in badges(at)[0]
    needs = next(group for group in at.button_group if group.key == "claim.advisor.choices")
    needs.set_value(["metrics"])
    at.run()
    assert "Functional" in badges(at)[0]


def test_cancel_ends_pending_measurements_and_test_all_requests_them_again(claims):
    at = click(claims(**SMALL, features="5"), "Test all")
    click(at, "Cancel")
    until(at, lambda at: "pending" not in progress(at))
    assert not progress(at).startswith(f"{len(CLAIMS)} of")
    assert any("ancelled" in element.value for element in at.caption)
    before = how_many(at)
    until(click(at, "Test all"), lambda at: how_many(at) > before)
    click(at, "Cancel")


@pytest.mark.parametrize("heads", ["mean", MIXED])
def test_inapplicable_claims_say_why_immediately(claims, heads):
    at = claims(head=heads)
    found = badges(at)
    assert found
    assert all("not applicable" in text and "because" in text for text in found)
    assert f"{len(found)} not applicable" in progress(at)
