"""Each value of an experiment can be read and set by its path."""

from hypothesis import given
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.experiment.url import at, put, write_query
from tests.builders.strategies import experiments


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
