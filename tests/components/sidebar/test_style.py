"""The menus of styles: one that cannot express the heads says so."""

from streamlit.testing.v1 import AppTest


def page():
    import streamlit as st

    from components import sidebar
    from components.session import page_options, state

    page_options.synchronise("page")
    sidebar.style.show("right")
    st.text(state.experiment().styles()[1].title)


def test_a_style_that_cannot_express_the_heads_says_so_and_the_nearest_one_is_used():
    app = AppTest.from_function(page)
    app.query_params["head"] = ["level...8", "trend"]
    app.query_params["right"] = "subclassing"
    menu = app.run().selectbox(key="right")
    assert menu.options == [
        "Sequential · not with these heads",
        "Functional",
        "Functional, fused · not with these heads",
        "Subclassing",
    ]
    menu.set_value("sequential").run()
    assert not app.exception
    assert app.selectbox(key="right").value == "sequential"
    assert app.text[0].value == "Functional"
