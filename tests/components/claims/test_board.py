"""Who waits for the claims, where many ask for the same."""

import pytest
from streamlit.testing.v1 import AppTest

from components.session.visitor import COOKIE


def page():
    from components.claims import board
    from components.session import state

    state.synchronise("claims")
    board.show(state.experiment())


@pytest.fixture
def jobs(serve):
    """Real jobs of a server whose workers are not there yet; a test plays the worker."""
    return serve().jobs


def tab(visitor):
    app = AppTest.from_function(page, default_timeout=30)
    app.session_state[COOKIE] = visitor * 32
    return app.run()


def click(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def told(app):
    return app.get("progress")[0].proto.text


def can(app, label):
    return not next(button for button in app.button if button.label == label).disabled


def test_cancel_leaves_to_others_what_they_wait_for(jobs):
    ada, bob = click(tab("a"), "Test all"), click(tab("b"), "Test all")
    assert "to come" in told(ada)
    assert not can(ada, "Test all")
    click(ada, "Cancel")
    assert "to come" not in told(ada)
    assert can(ada, "Test all")
    assert not can(ada, "Cancel")
    assert any("Another visitor waits for it" in caption.value for caption in ada.caption)
    assert "to come" in told(bob.run())
    assert jobs.queue_length > 0
    click(bob, "Cancel")
    assert jobs.queue_length == 0
    assert any("Cancelled." in caption.value for caption in bob.caption)


def test_anothers_failure_is_not_shown_as_mine(jobs):
    ada, bob = click(tab("a"), "Test all"), click(tab("b"), "Test all")
    click(ada, "Cancel")
    click(bob, "Cancel")
    click(bob, "Test all")
    jobs.registry.end(jobs.registry.take(), "failed", message="Bob's reason.")
    assert any("Bob's reason." in caption.value for caption in bob.run().caption)
    assert not any("Bob's reason." in caption.value for caption in ada.run().caption)
