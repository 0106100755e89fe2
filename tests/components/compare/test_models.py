"""What Keras is asked for the two columns, and what it is asked no more."""

import pytest
from streamlit.testing.v1 import AppTest

from components.session.visitor import COOKIE


def page():
    from components.compare import models
    from components.session import page_options, state

    page_options.synchronise("compare", {"view": models.VIEW})
    models.show(state.experiment())


@pytest.fixture
def jobs(serve):
    """Real jobs of a server whose workers are not there yet; a test plays the worker."""
    return serve(queue_per_visitor=4).jobs


@pytest.fixture
def tab():
    app = AppTest.from_function(page)
    app.session_state[COOKIE] = "a" * 32
    return app


def look(app, **query):
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    (checks,) = (element.value for element in app.markdown if "Sequential" in element.value)
    return checks.split(" · ")


def test_frequent_changes_of_settings_before_workers_are_ready_are_not_refused(jobs, tab):
    for units in range(4, 16):
        for column in look(tab, lstm=str(units)):
            assert "warming up" in column
        assert jobs.queue_length == 2


def test_two_tabs_of_one_visitor_keep_their_own_jobs(jobs, tab):
    other = AppTest.from_function(page)
    other.session_state[COOKIE] = "a" * 32
    look(tab, lstm="5")
    look(other, lstm="5")
    look(tab, lstm="6")
    for column in look(other):
        assert "warming up" in column
    assert jobs.queue_length == 4
