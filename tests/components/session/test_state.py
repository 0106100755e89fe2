"""The experiment in the session, its mirror in the URL, and widgets as views of it."""

import pytest
from hypothesis import given
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.experiment.url import write_query
from components.session.state import at, put
from tests.strategies import experiments


def page():
    """A page with one setting on it, as the shell draws it."""
    import streamlit as st

    from components.session import state

    state.synchronise(st.session_state.get("at", "compare"))
    st.number_input("Timesteps", 1, 64, **state.view(("architecture", "timesteps")))
    st.selectbox("Right", ["functional", "subclassing"], **state.view(("right",)))
    st.number_input("Rate", **state.view(("training", "learning_rate")))
    st.button("Touch", on_click=state.touch)
    st.text(state.experiment().model_dump_json())
    for notice in state.notices():
        st.warning(notice.sentence)


@pytest.fixture
def app():
    return AppTest.from_function(page)


def experiment(app):
    return Experiment.model_validate_json(app.text[0].value)


def navigate(app, page):
    """As Streamlit does it: with the query emptied."""
    app.session_state["at"] = page
    go_back(app)


def go_back(app):
    """To an entry of the same page that has no query."""
    app.query_params.clear()
    app.run()


def query(app):
    return dict(app.query_params)


def test_without_a_query_the_experiment_is_the_threads_and_the_url_stays_clean(app):
    app.run()
    assert experiment(app) == Experiment()
    assert query(app) == {}
    assert app.number_input[0].value == 10


def test_a_link_is_read_before_any_widget_is_drawn(app):
    app.query_params["timesteps"] = "12"
    app.run()
    assert not app.exception
    assert app.number_input[0].value == 12
    assert query(app) == {"timesteps": "12"}


def test_a_widget_writes_experiment_and_url(app):
    app.run()
    app.number_input[0].set_value(20).run()
    app.selectbox[0].set_value("subclassing").run()
    assert experiment(app).architecture.timesteps == 20
    assert query(app) == {"timesteps": "20", "right": "subclassing"}
    app.number_input[0].set_value(10).run()
    assert query(app) == {"right": "subclassing"}, "a default needs no place in the URL"


def test_bad_values_of_a_link_are_noticed_until_the_next_change(app):
    app.query_params["timesteps"] = "99"
    app.query_params["lucky"] = "7"
    app.run()
    assert len(app.warning) == 2
    assert experiment(app) == Experiment()
    assert query(app) == {}
    app.run()
    assert len(app.warning) == 2, "not gone before it is read"
    app.selectbox[0].set_value("subclassing").run()
    assert not app.warning


def page_with_a_choice():
    """A page whose choice says how much of a text it has been asked about."""
    import streamlit as st

    from components.session import state

    asked = state.Choice("1", lambda text: f"it has {len(text)} characters" if len(text) > 1 else None)
    state.synchronise("speed", {"k": asked})
    st.text(state.choice("k"))
    for notice in state.notices():
        st.warning(notice.sentence)


def test_a_huge_choice_of_a_link_is_cut_before_the_page_reads_it():
    app = AppTest.from_function(page_with_a_choice)
    app.query_params["k"] = "1" * 500_000
    app.run()
    assert not app.exception
    assert app.text[0].value == "1"
    (warning,) = app.warning
    assert "it has 4001 characters. Used 1 in its place." in warning.value


def test_a_value_from_a_widget_is_checked_like_one_from_a_link(app):
    app.run()
    app.number_input[1].set_value(500.0).run()
    assert not app.exception
    assert experiment(app).training.learning_rate == Experiment().training.learning_rate
    assert "a number from 0.00001 to 100" in app.warning[0].value


def test_another_link_in_a_running_session_counts_and_navigation_does_not(app):
    app.query_params["timesteps"] = "12"
    app.run()
    app.query_params["timesteps"] = "13"
    app.run()
    assert experiment(app).architecture.timesteps == 13, "the back button, or an edited URL"
    navigate(app, "train")
    assert experiment(app).architecture.timesteps == 13
    assert query(app) == {"timesteps": "13"}


def test_going_back_to_where_the_defaults_stood_restores_them(app):
    app.run()
    app.number_input[0].set_value(20).run()
    go_back(app)
    assert experiment(app) == Experiment()
    assert query(app) == {}


def test_going_back_over_the_bare_entry_that_a_navigation_leaves_changes_nothing(app):
    app.run()
    app.number_input[0].set_value(20).run()
    navigate(app, "train")
    navigate(app, "compare")
    go_back(app)
    assert experiment(app).architecture.timesteps == 20
    assert query(app) == {"timesteps": "20"}


@pytest.mark.parametrize("widget", ["number_input", "button"])
def test_a_change_wins_over_the_older_query_that_comes_with_it(app, widget):
    """Quick clicks: the browser sends the next change before it has seen the last URL."""
    app.run()
    app.number_input[0].set_value(20).run()
    app.query_params.clear()
    app.query_params["timesteps"] = "15"
    element = app.number_input[0].set_value(21) if widget == "number_input" else app.button[0].click()
    element.run()
    assert experiment(app).architecture.timesteps == (21 if widget == "number_input" else 20)


@given(experiments())
def test_each_value_of_an_experiment_can_be_reached_and_replaced(wanted):
    settings = wanted.model_dump()
    for path in (("right",), ("training", "batch"), ("architecture", "heads", 0, "name"), ("architecture", "lstm", -1)):
        value = at(settings, path)
        put(settings, path, "new")
        assert at(settings, path) == "new"
        put(settings, path, value)
    assert Experiment.model_validate(settings) == wanted
    assert write_query(Experiment.model_validate(settings)) == write_query(wanted)
