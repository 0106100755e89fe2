"""Several visitors request the same claims."""

import pytest
from streamlit.testing.v1 import AppTest

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
    app = AppTest.from_function(page, default_timeout=30)
    app.session_state[COOKIE] = visitor * 32
    return app.run()


def click(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def progress(app):
    return app.get("progress")[0].proto.text


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


def test_a_failure_is_shown_only_to_the_visitor_who_requested_it(jobs):
    ada, bob = click(tab("a"), "Test all"), click(tab("b"), "Test all")
    click(ada, "Cancel")
    click(bob, "Cancel")
    click(bob, "Test all")
    jobs.registry.end(jobs.registry.take(), "failed", message="Bob's reason.")
    assert any("Bob's reason." in caption.value for caption in bob.run().caption)
    assert not any("Bob's reason." in caption.value for caption in ada.run().caption)
