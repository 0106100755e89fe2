"""The question before the result, and what becomes of a choice."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from backend.jobs import JobView
from backend.training.job import EpochEvent
from components.train.run import RunView, ShownRun
from tests.builders.losses import FALLING, epochs, experiment

SETTING = experiment()


def shown(state="finished", rows=4, differences=()):
    events = tuple(EpochEvent(data=row) for row in epochs(FALLING, FALLING, factor=2)[:rows])
    return ShownRun(
        RunView(SETTING, JobView("id", "visitor", "train", 0.0, state=state, stored_events=events)), differences
    )


def page(setting, what):
    from components.train import question

    question.show(setting, what)


def asked(what, setting=SETTING):
    app = AppTest.from_function(page, kwargs={"setting": setting, "what": what}).run()
    assert not app.exception
    return app


def choose(app, option):
    app.segmented_control[0].set_value(option).run()
    assert not app.exception
    return [text.value for text in app.markdown][1:]


def chosen_before(option):
    """A result of settings for which the visitor has chosen before it was there."""
    app = AppTest.from_function(page, kwargs={"setting": SETTING, "what": shown()})
    app.session_state["train.guesses"] = {SETTING.key(): option}
    app.run()
    assert not app.exception
    return app


@pytest.mark.slow
def test_a_choice_is_marked_with_the_figures_and_what_they_mean():
    app = chosen_before("right")
    assert app.markdown[0].value == "Which total loss is lower after 4 epochs?"
    assert app.segmented_control[0].options == ["Sequential", "Functional", "equal"]
    text = app.markdown[1].value
    assert text == (":red[**✗ Not right.**] Sequential has the lower total training loss: Functional ÷ Sequential = 2.")
    assert app.segmented_control[0].disabled, "a choice stays once its answer is known"
    right = chosen_before("left").markdown[1].value
    assert right.startswith(":green[**✓ Right.**] Sequential has the lower total training loss")


def test_nothing_is_asked_whose_answer_is_on_the_page():
    for state in ("finished", "cancelled"):
        app = asked(shown(state))
        assert not app.segmented_control
        assert not app.markdown


def test_a_choice_waits_for_a_result_of_these_settings():
    for what in (shown(differences=("batch 64",)), shown("running", 2)):
        app = asked(what)
        assert choose(app, "left") == ["Train to see whether you are right."]
        assert not app.segmented_control[0].disabled
        assert choose(app, "equal") == ["Train to see whether you are right."]
    app = asked(shown("running", 2))
    choose(app, "left")
    app = AppTest.from_function(page, kwargs={"setting": SETTING, "what": shown("cancelled", 2)})
    app.session_state["train.guesses"] = {SETTING.key(): "left"}
    assert [text.value for text in app.run().markdown][1:] == ["There is no total to compare."]
