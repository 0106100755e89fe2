"""Page options: read from the link, checked, and replaced by the default where they are not allowed."""

from streamlit.testing.v1 import AppTest


def page():
    """A page with one option, whose refusal gives the length of the text it was given."""
    import streamlit as st

    from components.session import page_options, state, url_sync

    option = page_options.PageOption("1", lambda text: f"it has {len(text)} characters" if len(text) > 1 else None)
    url_sync.synchronise("speed", {"k": option})
    st.text(page_options.chosen("k"))
    for notice in state.notices():
        st.warning(notice.sentence)


def test_a_huge_value_in_a_link_is_cut_before_the_option_checks_it():
    app = AppTest.from_function(page)
    app.query_params["k"] = "1" * 500_000
    app.run()
    assert not app.exception
    assert app.text[0].value == "1"
    (warning,) = app.warning
    assert "it has 4001 characters. Used 1 in its place." in warning.value


def test_an_option_given_twice_has_its_last_value_and_a_notice_says_so():
    app = AppTest.from_function(page)
    app.query_params["k"] = ["2", "3"]
    app.run()
    assert app.text[0].value == "3"
    assert app.warning[0].value.endswith("Only the last, “3”, is read.")
