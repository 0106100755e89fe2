"""Claims, by AppTest through the shell."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from backend.claims import CLAIMS
from backend.experiment import Experiment
from components.session.visitor import COOKIE
from tests.builders.pages import SHELL, button, replay, until

TITLE = "Which of the thread's claims are true?"
#: Little to build and to trace.
SMALL = {"timesteps": "4", "lstm": "4", "samples": "64", "batch": "16"}
RIGHT = CLAIMS["parameters"].options[0]
MIXED = ["level", "spike", "waveform..3"]


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
    """How far the tests are, as a screen reader reads it."""
    value = next(element.value for element in at.markdown if 'role="status"' in element.value)
    return value.removeprefix('<div role="status">').removesuffix("</div>")


def how_many(at):
    return int(progress(at).split()[0])


def chips(at):
    """The state of each claim, from the row of chips."""
    row = next(element.value for element in at.markdown if "claim-chips" in element.value)
    return re.findall(r'data-state="([^"]*)"', row)


def shown(at):
    """All that the page says, whether its card is open or not."""
    found = [*at.main.markdown, *at.main.caption, *at.main.header, *at.main.button, *at.main.button_group]
    values = (getattr(element, name, None) for element in found for name in ("value", "label", "help"))
    return "\n".join(map(str, filter(None, values)))


def badges(at):
    return [element.value for element in at.markdown if "-badge[" in element.value]


def test_no_verdict_is_shown_before_a_prediction(claims):
    at = claims()
    assert progress(at) == f"0 of {len(CLAIMS)} tested"
    assert not badges(at)
    assert chips(at) == ["untested"] * len(CLAIMS)
    assert [heading.value for heading in at.main.header] == [
        f"{claim.number}. {claim.title}" for claim in CLAIMS.values()
    ]
    text, on = shown(at), Experiment()
    told = [claim.key for claim in CLAIMS.values() if claim.proposition(on) in text or claim.statement in text]
    assert not told
    assert not at.main.code
    assert button(at, "Clear my predictions").disabled


def test_a_prediction_reveals_its_own_verdict_only_and_is_marked(claims):
    at = predict(claims(**SMALL), "parameters", RIGHT)
    until(at, badges)
    assert len(badges(at)) == 1
    assert f"**✓ Right:** you predicted “{RIGHT}”" in badges(at)[0]
    assert "Keras counts 170 in each" in badges(at)[0]
    assert progress(at) == f"1 of {len(CLAIMS)} tested"
    assert chips(at) == ["answered"] + ["untested"] * (len(CLAIMS) - 1)
    assert "**1 of 1 prediction right**" in [element.value for element in at.markdown]
    assert not [group for group in at.button_group if group.key.startswith("claim.parameters.")], "it is settled"
    predict(at, "advisor", "Sequential")
    assert "**✗ Not right:** you predicted “Sequential”.] Our advice: “none: it depends on the need”." in badges(at)[1]
    assert "**1 of 2 predictions right**" in [element.value for element in at.markdown]

    other = claims(**SMALL)
    assert not badges(other), "another visitor is asked for a prediction first"


def test_predictions_are_kept_over_pages_reloads_and_settings_until_they_are_cleared(claims, page):
    at = until(predict(claims(**SMALL), "parameters", RIGHT), badges)
    at.switch_page("train.py").run()
    at.switch_page("claims.py").run()
    assert f"you predicted “{RIGHT}”" in badges(at)[0]

    at.number_input(key="architecture.features").set_value(3).run()
    assert not badges(at), "the number of parameters is another"
    at.number_input(key="architecture.features").set_value(2).run()
    assert f"you predicted “{RIGHT}”" in badges(at)[0]

    again = AppTest.from_file(str(SHELL))  # the same visitor in another session: a reload
    again.session_state[COOKIE] = at.session_state[COOKIE]
    for key, value in SMALL.items():
        again.query_params[key] = value
    again.run()
    again.switch_page("claims.py").run()
    assert f"you predicted “{RIGHT}”" in badges(again)[0]

    click(again, "Clear my predictions")
    assert not badges(again)
    assert not badges(at.run())
    assert button(again, "Clear my predictions").disabled


def test_the_advisor_answers_at_once(claims):
    at = predict(claims(), "advisor", "Sequential")
    assert "It depends on what you need. Without a special need, Sequential" in badges(at)[0]


def test_cancel_ends_pending_measurements_and_test_all_requests_them_again(claims):
    at = claims(**SMALL)
    replay(0)
    click(click(at, "Test all"), "Cancel")
    until(at, lambda at: "pending" not in progress(at))
    assert not progress(at).startswith(f"{len(CLAIMS)} of")
    assert any("ancelled" in element.value for element in at.caption)
    replay(None)
    until(click(at, "Test all"), lambda at: how_many(at) == len(CLAIMS))


@pytest.mark.parametrize("heads", ["level", MIXED])
def test_inapplicable_claims_say_why_immediately(claims, heads):
    at = claims(head=heads)
    found = badges(at)
    assert found
    assert all(re.search(r"not applicable\*\*\] [A-Z]\w* \w+", text) for text in found)
    assert progress(at) == f"0 of {len(CLAIMS) - len(found)} tested · {len(found)} not applicable"
    assert chips(at).count("not applicable") == len(found)
