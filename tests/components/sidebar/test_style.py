"""The menus of styles: an unavailable style is named, cannot be chosen, and the nearest one is offered."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

DEEP = ["level...8", "trend"]


def page():
    import streamlit as st

    from components import sidebar
    from components.session import state, url_sync

    url_sync.synchronise("page")
    sidebar.style.show("left")
    sidebar.style.show("right", label="Style on the right")
    sidebar.style.show_refusal("right")
    st.text(f"{state.experiment().left} {state.experiment().right}")


def opened(**query):
    app = AppTest.from_function(page)
    for key, value in query.items():
        app.query_params[key] = value
    return checked(app.run())


def checked(app):
    assert not app.exception
    return app


def labels(app):
    return [button.label for button in app.button]


def test_an_unavailable_style_says_why_is_refused_and_the_nearest_one_is_offered():
    app = opened(head=DEEP, left="functional", right="subclassing")
    assert app.selectbox(key="left").options == [
        "Sequential · not with these heads",
        "Functional",
        "Functional, fused · not with these heads",
        "Subclassing",
    ]
    checked(app.selectbox(key="right").set_value("sequential").run())
    assert app.text[0].value == "functional subclassing", "the style before it is kept"
    assert app.selectbox(key="right").value == "subclassing"
    assert any("Sequential is not available for these heads: with one output" in text.value for text in app.markdown)
    assert labels(app) == [], "the nearest to Sequential besides Functional on the left is Subclassing, which it is"

    checked(app.selectbox(key="left").set_value("functional_fused").run())
    assert app.text[0].value == "functional subclassing"
    checked(app.selectbox(key="right").set_value("functional").run())
    assert app.text[0].value == "functional functional", "the same style on both sides can be chosen"
    checked(app.selectbox(key="right").set_value("sequential").run())
    assert "Use Subclassing on the right" in labels(app)
    checked(next(button for button in app.button if button.label == "Use Subclassing on the right").click().run())
    assert app.text[0].value == "functional subclassing"
    assert not any("Use Subclassing on the right" in label for label in labels(app))
