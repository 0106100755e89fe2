"""Several visitors request the same claims."""

import pytest
from streamlit.testing.v1 import AppTest

from backend.claims import CLAIMS, Verdict
from components.claims.board import counts, score
from components.claims.card import Card, judged_card
from components.session.visitor import COOKIE


def page():
    from components.claims import board
    from components.session import state, url_sync

    url_sync.synchronise("claims")
    board.show(state.experiment())


@pytest.fixture
def jobs(serve):
    """Real jobs of a server whose workers are not there yet; a test plays the worker."""
    return serve().jobs


def tab(visitor):
    app = AppTest.from_function(page)
    app.session_state[COOKIE] = visitor * 32
    return app.run()


def click(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def progress(app):
    """How far the tests are, as a screen reader reads it."""
    return next(element.value for element in app.markdown if 'role="status"' in element.value)


YES, NO, _ = CLAIMS["parameters"].options


def card(state, prediction=None):
    """A card of claim 1 that has no verdict."""
    return Card(CLAIMS["parameters"], prediction, None, state)


def known(kind, answer=None, prediction=None):
    """A card of claim 1 with this verdict."""
    return judged_card(CLAIMS["parameters"], prediction, Verdict(answer, "", "", kind=kind))


def test_only_what_can_be_tested_is_counted():
    none = [known("not applicable")] * 6 + [card("untested")] * 6
    assert counts(none) == "0 of 6 tested · 6 not applicable"
    some = [
        known("true", YES),
        known("true", YES),
        known("false", NO),
        known("undecided"),
        card("running"),
    ]
    assert counts([*some, known("not applicable")]) == "4 of 5 tested, 1 undecided · 1 not applicable"
    assert counts(some[:3]) == "3 of 3 tested"


def test_the_score_counts_predictions_with_an_answer():
    assert score([known("true", YES), card("untested", YES)]) == ""
    assert score([known("true", YES, YES)]) == "1 of 1 prediction right"
    cards = [
        known("true", YES, YES),
        known("false", YES, NO),
        known("undecided", None, YES),
        card("running", YES),
    ]
    assert score(cards) == "1 of 2 predictions right"


def enabled(app, label):
    return not next(button for button in app.button if button.label == label).disabled


def test_cancelling_does_not_cancel_what_others_wait_for(jobs):
    ada, bob = click(tab("a"), "Test all"), click(tab("b"), "Test all")
    assert "pending" in progress(ada)
    assert not enabled(ada, "Test all")
    click(ada, "Cancel")
    assert "pending" not in progress(ada)
    assert enabled(ada, "Test all")
    assert not enabled(ada, "Cancel")
    assert any("Another visitor has requested this measurement" in caption.value for caption in ada.caption)
    assert "pending" in progress(bob.run())
    assert jobs.queue_length > 0
    click(bob, "Cancel")
    assert jobs.queue_length == 0
    assert any("Cancelled." in caption.value for caption in bob.caption)


@pytest.mark.slow
def test_a_failure_is_shown_only_to_the_visitor_who_requested_it(jobs):
    ada, bob = click(tab("a"), "Test all"), click(tab("b"), "Test all")
    click(ada, "Cancel")
    click(bob, "Cancel")
    click(bob, "Test all")
    jobs.registry.end(jobs.registry.take(), "failed", message="Bob's reason.")
    assert any("Bob's reason." in caption.value for caption in bob.run().caption)
    assert not any("Bob's reason." in caption.value for caption in ada.run().caption)
