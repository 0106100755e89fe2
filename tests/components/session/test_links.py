"""A link sets the experiment, each change is written to the URL, and widgets are views of the experiment."""

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from components.session import page_options


def page():
    """A page with some settings, as `pages/navigation.py` draws it."""
    import streamlit as st

    from components.session import page_options, state
    from components.sidebar.form import FORM

    page_options.synchronise(st.session_state.get("at", "compare"))
    FORM.draw("architecture.timesteps")
    styles = ["functional", "subclassing"]
    FORM.draw("right", options=styles)
    FORM.draw("training.learning_rate", max_value=1_000.0)  # more than a link may say
    st.button("Touch")
    st.text(state.experiment().model_dump_json())
    for notice in state.notices():
        st.warning(notice.sentence)


@pytest.fixture
def app():
    return AppTest.from_function(page)


#: Whether the run is caused by the back button: AppTest has none.
history = {"back": False}


@pytest.fixture(autouse=True)
def back_button(monkeypatch):
    monkeypatch.setattr(page_options, "goes_through_history", lambda: history["back"])


def experiment(app):
    return Experiment.model_validate_json(app.text[0].value)


def navigate(app, page):
    """Navigate as Streamlit does: with an empty query."""
    app.session_state["at"] = page
    app.query_params.clear()
    app.run()


def go_back(app):
    """Go back to a history entry of the same page that has no query."""
    app.query_params.clear()
    history["back"] = True
    app.run()
    history["back"] = False


def query(app):
    return dict(app.query_params)


def overtaken_page():
    """A page that a control changes, whose run is stopped before it has read the query."""
    import streamlit as st

    from components.session import page_options, state

    if st.session_state.get("overtaken"):
        state.touch()
        st.stop()
    page_options.synchronise("compare")
    st.text(state.experiment().model_dump_json())


def test_a_link_is_read_if_it_overtakes_the_run_of_a_control():
    app = AppTest.from_function(overtaken_page).run()
    app.session_state["overtaken"] = True
    app.run()
    app.session_state["overtaken"] = False
    app.query_params["timesteps"] = "12"
    app.run()
    assert experiment(app).architecture.timesteps == 12
    assert query(app) == {"timesteps": "12"}


def test_a_widget_writes_experiment_and_url(app):
    app.run()
    app.number_input[0].set_value(20).run()
    app.selectbox[0].set_value("subclassing").run()
    assert experiment(app).architecture.timesteps == 20
    assert query(app) == {"timesteps": "20", "right": "subclassing"}
    app.number_input[0].set_value(10).run()
    assert query(app) == {"right": "subclassing"}, "defaults are left out of the URL"


def test_notices_about_a_link_stay_until_the_next_change(app):
    app.query_params["timesteps"] = "99"
    app.query_params["lucky"] = "7"
    app.run()
    assert len(app.warning) == 2
    assert experiment(app) == Experiment()
    assert query(app) == {}
    app.run()
    assert len(app.warning) == 2, "a rerun without a change keeps the notices"
    app.selectbox[0].set_value("subclassing").run()
    assert not app.warning


def test_a_new_link_in_a_running_session_is_read_and_navigation_keeps_the_experiment(app):
    app.query_params["timesteps"] = "12"
    app.run()
    app.query_params["timesteps"] = "13"
    app.run()
    assert experiment(app).architecture.timesteps == 13, "the back button, or an edited URL"
    navigate(app, "train")
    assert experiment(app).architecture.timesteps == 13
    assert query(app) == {"timesteps": "13"}


def test_going_back_to_an_empty_query_that_meant_the_defaults_restores_them(app):
    app.run()
    app.number_input[0].set_value(20).run()
    go_back(app)
    assert experiment(app) == Experiment()
    assert query(app) == {}


def test_going_back_to_an_empty_query_left_by_a_navigation_changes_nothing(app):
    app.run()
    app.number_input[0].set_value(20).run()
    navigate(app, "train")
    navigate(app, "compare")
    go_back(app)
    assert experiment(app).architecture.timesteps == 20
    assert query(app) == {"timesteps": "20"}


@pytest.mark.parametrize("widget", ["number_input", "button"])
def test_a_change_wins_over_the_older_query_sent_with_it(app, widget):
    """Quick clicks: the browser sends the next change before it has seen the last URL."""
    app.run()
    app.number_input[0].set_value(20).run()
    app.query_params.clear()
    app.query_params["timesteps"] = "15"
    element = app.number_input[0].set_value(21) if widget == "number_input" else app.button[0].click()
    element.run()
    assert experiment(app).architecture.timesteps == (21 if widget == "number_input" else 20)
