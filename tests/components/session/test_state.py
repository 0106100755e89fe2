"""Each value of an experiment can be read and set by its path."""

from streamlit.testing.v1 import AppTest


def late_message() -> None:
    import streamlit as st

    from components.session import page_options, state

    page_options.synchronise("compare")
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
