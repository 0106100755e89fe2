"""The glossary: nothing is sent before it is opened, and the search narrows it."""

from streamlit.testing.v1 import AppTest

from backend.guide.glossary import terms


def page():
    import streamlit as st

    from components import glossary

    glossary.show(st.session_state.get("here", ""))


def words(app):
    return " ".join(element.value for element in app.markdown)


def test_the_words_are_sent_when_the_button_is_pressed_and_stay_if_the_page_is_drawn_again():
    app = AppTest.from_function(page).run()
    assert not app.markdown
    app.button(key="glossary").click().run()
    assert not app.exception
    assert all(f"**{term.word}**" in words(app) for term in terms())
    assert words(app.run())
    app.session_state["here"] = "train"
    assert not words(app.run()), "on another page, such as after a step back"
    app.session_state["here"] = ""
    assert not words(app.run()), "nor on the first page again"
