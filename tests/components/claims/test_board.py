"""Several visitors request the same claims."""

import pytest

from tests.builders.pages import button, click, part, run, says, texts


def page():
    from components.claims import board
    from components.session import page_options, state

    page_options.synchronise("claims")
    board.show(state.experiment())


@pytest.fixture
def jobs(serve):
    """Real jobs of a server whose workers are not there yet; a test plays the worker."""
    return serve().jobs


def tab(visitor):
    return part(page, visitor * 32)


def pending(app):
    """Whether measurements are, as a screen reader reads it."""
    return any('role="status"' in text and "pending" in text for text in texts(app))


def enabled(app, label):
    return not button(app, label).disabled


def test_cancelling_does_not_cancel_what_others_wait_for(jobs):
    ada, bob = click(tab("a"), "Test all"), click(tab("b"), "Test all")
    assert pending(ada)
    assert not enabled(ada, "Test all")
    click(ada, "Cancel")
    assert not pending(ada)
    assert enabled(ada, "Test all")
    assert not enabled(ada, "Cancel")
    assert pending(run(bob))
    assert jobs.queue_length > 0
    click(bob, "Cancel")
    assert jobs.queue_length == 0
    assert says(bob, "ancelled")


@pytest.mark.slow
def test_a_failure_is_shown_only_to_the_visitor_who_requested_it(jobs):
    ada, bob = click(tab("a"), "Test all"), click(tab("b"), "Test all")
    click(ada, "Cancel")
    click(bob, "Cancel")
    click(bob, "Test all")
    jobs.registry.end(jobs.registry.take(1), "failed", message="Bob's reason.")
    assert says(run(bob), "Bob's reason.")
    assert not says(run(ada), "Bob's reason.")
