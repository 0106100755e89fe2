"""Claims, by AppTest through the shell."""

import pytest

from backend.claims import CLAIMS
from tests.pages.helpers import button, until

pytestmark = pytest.mark.jobs

TITLE = "What is true of it?"
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


def told(at):
    return next(element.proto.text for element in at.get("progress"))


def how_many(at):
    return int(told(at).split()[0])


def badges(at):
    return [element.value for element in at.markdown if "-badge[" in element.value]


def test_nothing_is_told_before_a_prediction(claims):
    at = claims()
    assert told(at) == f"0 of {len(CLAIMS)} tested"
    assert not badges(at)
    assert [heading.value for heading in at.main.header] == [f"{c.number}. {c.title}" for c in CLAIMS.values()]


def test_a_prediction_brings_its_verdict_and_no_other(claims):
    at = predict(claims(**SMALL), "parameters", "yes")
    until(at, badges)
    assert len(badges(at)) == 1
    assert "you said “yes”" in badges(at)[0]
    assert "in every style, counted by Keras" in badges(at)[0]
    assert told(at) == f"1 of {len(CLAIMS)} tested: 1 true"

    other = claims(**SMALL)
    assert not badges(other), "another visitor is asked for a prediction first"


def test_a_prediction_is_kept_over_other_pages(claims):
    at = until(predict(claims(**SMALL), "parameters", "yes"), badges)
    at.switch_page("train.py").run()
    at.switch_page("claims.py").run()
    assert not at.exception
    assert "you said “yes”" in badges(at)[0]


def test_other_settings_ask_for_another_prediction(claims):
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


def test_cancel_ends_what_waits_and_test_all_asks_again(claims):
    at = click(claims(**SMALL, features="5"), "Test all")
    click(at, "Cancel")
    until(at, lambda at: "to come" not in told(at))
    assert not told(at).startswith(f"{len(CLAIMS)} of")
    assert any("ancelled" in element.value for element in at.caption)
    before = how_many(at)
    until(click(at, "Test all"), lambda at: how_many(at) > before)
    click(at, "Cancel")


@pytest.mark.parametrize("heads", ["mean", MIXED])
def test_what_does_not_apply_says_why_at_once(claims, heads):
    at = claims(head=heads)
    found = badges(at)
    assert found
    assert all("does not apply" in text and "because" in text for text in found)
    assert f"{len(found)} does not apply" in told(at)
