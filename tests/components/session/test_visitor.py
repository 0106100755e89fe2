"""A visitor is a cookie, or the session where there is none."""

import pytest
from streamlit.testing.v1 import AppTest

from components.session import visitor


def page():
    import streamlit as st

    from components.session.visitor import visitor

    st.text(visitor())


def test_without_a_cookie_the_session_is_the_visitor():
    app = AppTest.from_function(page).run()
    name = app.text[0].value
    assert len(name) >= 22
    assert app.run().text[0].value == name
    assert AppTest.from_function(page).run().text[0].value != name


def test_the_cookie_that_the_server_set_identifies_the_visitor(monkeypatch):
    assert believed(monkeypatch, visitor.new_visitor())


@pytest.mark.parametrize(
    ("cookie", "expected"),
    [("x" * 32, True), ("short", False), ("x" * 31, False), ("x" * 33, False), ("a b!" * 8, False)],
)
def test_a_malformed_cookie_is_ignored(monkeypatch, cookie, expected):
    assert believed(monkeypatch, cookie) == expected


def believed(monkeypatch, cookie):
    class Context:
        cookies = {visitor.COOKIE: cookie}  # noqa: RUF012

    monkeypatch.setattr(visitor.st, "context", Context)
    return AppTest.from_function(page).run().text[0].value == cookie
