"""Each value of an experiment can be read and set by its path."""

import time

from hypothesis import given
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.experiment.url import write_query
from components.session.state import at, put
from tests.strategies import experiments


@given(experiments())
def test_a_value_set_by_its_path_is_read_back_and_the_other_values_stay(wanted):
    settings = wanted.model_dump()
    for path in (("right",), ("training", "batch"), ("architecture", "heads", 0, "name"), ("architecture", "lstm", -1)):
        value = at(settings, path)
        put(settings, path, "new")
        assert at(settings, path) == "new"
        put(settings, path, value)
    assert Experiment.model_validate(settings) == wanted
    assert write_query(Experiment.model_validate(settings)) == write_query(wanted)


def late_message() -> None:
    import streamlit as st

    from components.session import state, url_sync

    url_sync.synchronise("compare")
    before = state.experiment()
    for path in (
        ("architecture", "heads", 7),
        ("architecture", "heads", 7, "name"),
        ("architecture", "dense", 5, "units"),
    ):
        state.change(("architecture", *path), "late")
    st.text("unchanged" if state.experiment() == before else "changed")


def test_the_late_message_of_a_widget_whose_setting_is_gone_changes_nothing():
    at = AppTest.from_function(late_message).run()
    assert not at.exception
    assert [text.value for text in at.text] == ["unchanged"]


def test_a_value_is_sent_only_where_the_browser_has_another_one(monkeypatch):
    """Sent in every run, it would replace what a visitor enters while the page is drawn."""

    def page():
        import streamlit as st

        from backend.experiment import Experiment
        from components.session import state

        if not state.present():
            state.store(Experiment(), [])
        st.number_input("Epochs", 1, 100, **state.view(("training", "epochs")))
        st.button("repair", on_click=state.change, args=(("training", "epochs"), 9))

    app = AppTest.from_function(page).run()

    def sent():
        """What a browser takes that draws the field for the first time, and what is set in one that has drawn it."""
        proto = app.number_input[0].proto
        return proto.default, proto.value if proto.set_value else None

    assert sent() == (20, 20)
    app.run()
    assert sent() == (20, None)
    app.number_input[0].set_value(7).run()
    assert sent() == (7, None)
    app.button[0].click().run()
    assert sent() == (9, 9)
    app.run()  # the browser may not have drawn the last run
    assert sent() == (9, 9)
    later = time.monotonic() + 60
    monkeypatch.setattr(time, "monotonic", lambda: later)
    app.run()
    assert sent() == (9, None)
