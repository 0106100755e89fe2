"""An error reads as a sentence; its details stay in the log."""

import logging

from streamlit.testing.v1 import AppTest

from backend.web.log_lines import fingerprint


def page(kind):
    import streamlit as st
    from streamlit.errors import FragmentHandledException

    from components.streamlit_internals import errors

    error = {"plain": ValueError("/secret/path"), "inner": FragmentHandledException("shown before")}[kind]
    st.text(f"handled: {errors.show(error)}")


def test_a_visitor_reads_a_sentence_with_the_id_of_the_error_in_the_log(caplog):
    with caplog.at_level(logging.ERROR):
        app = AppTest.from_function(page, kwargs={"kind": "plain"}).run()
    assert app.text[0].value == "handled: True", "Streamlit shows nothing of its own"
    (box,) = app.error
    assert "secret" not in box.value
    reference = box.value.split("in the log as ")[1].split(".")[0]
    (record,) = (record for record in caplog.records if reference in record.getMessage())
    assert "/secret/path" in str(record.exc_info[1]), "the name leads to what went wrong"


def test_equal_errors_have_equal_ids_and_different_errors_different_ones():
    def raised(line):
        try:
            exec("\n" * line + "int(text)", {"text": f"text {line}"})
        except ValueError as error:
            return error

    first, again, other = fingerprint(raised(1)), fingerprint(raised(1)), fingerprint(raised(2))
    assert first == again != other


def test_an_error_that_a_fragment_has_shown_is_not_shown_twice():
    app = AppTest.from_function(page, kwargs={"kind": "inner"}).run()
    assert app.text[0].value == "handled: True"
    assert not app.error


def test_the_app_uses_our_error_handler():
    from app import app
    from components.streamlit_internals import errors

    assert app._on_script_error is errors.show
