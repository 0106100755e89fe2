"""Page options: read from the link, checked, replaced by the default where they are not allowed, and published."""

import pytest
from streamlit.testing.v1 import AppTest


def short():
    """A page with one option, whose refusal gives the length of the text it was given."""
    import streamlit as st

    from components.session import page_options, state

    option = page_options.PageOption("1", lambda text: f"it has {len(text)} characters" if len(text) > 1 else None)
    page_options.synchronise("speed", {"k": option})
    st.text(page_options.chosen("k"))
    for notice in state.notices():
        st.warning(notice.sentence)


def pages():
    """Two pages with options of their own, and one that both have."""
    import streamlit as st

    from components.session import page_options, state
    from components.session.page_options import matching, one_of, whole_number
    from components.sidebar.form import FORM

    neuron = matching(r"dense:\d", "a neuron")
    options = {
        "": {"view": one_of("code", "graph"), "neuron": neuron},
        "train": {"neuron": neuron, "epoch": whole_number(2), "play": one_of("0", "1")},
    }
    here = st.session_state.get("at", "")
    other = "train" if not here else ""
    page_options.synchronise(here, options[here], {k: v for k, v in options[other].items() if k not in options[here]})

    @st.fragment
    def part():
        st.button("From the fragment", on_click=lambda: st.session_state.update(clicked=True))
        if st.session_state.pop("clicked", False):
            page_options.choose("neuron", "dense:3")
        st.text(page_options.chosen("neuron"))

    FORM.draw("architecture.timesteps")
    FORM.draw("training.epochs")
    st.button("Graph", on_click=page_options.choose, args=("view", "graph"))
    st.button("Evil", on_click=page_options.choose, args=("view", "<b>"))
    part()
    for key in ("view", "epoch", "play"):
        st.caption(f"{key}={page_options.chosen(key)}")
    st.code(str(page_options.link_query(play="1")))
    for notice in state.notices():
        st.warning(notice.sentence)


@pytest.fixture
def app():
    return AppTest.from_function(pages)


def click(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def navigate(app, page):
    """Navigate as Streamlit does: with an empty query."""
    app.session_state["at"] = page
    app.query_params.clear()
    app.run()


def chosen(app):
    return dict(caption.value.split("=") for caption in app.caption)


def test_a_huge_value_in_a_link_is_cut_before_the_option_checks_it():
    app = AppTest.from_function(short)
    app.query_params["k"] = "1" * 500_000
    app.run()
    assert not app.exception
    assert app.text[0].value == "1"
    (warning,) = app.warning
    assert "it has 4001 characters. Used 1 in its place." in warning.value


def test_what_is_published_is_in_the_url_at_once_also_from_a_fragment(app):
    app.run()
    click(app, "Graph")
    assert dict(app.query_params) == {"view": "graph"}
    click(app, "From the fragment")
    assert app.text[0].value == "dense:3"
    assert dict(app.query_params) == {"view": "graph", "neuron": "dense:3"}
    app.number_input[0].set_value(12).run()
    assert dict(app.query_params) == {"timesteps": "12", "view": "graph", "neuron": "dense:3"}
    click(app, "Evil")
    assert chosen(app)["view"] == "graph", "a value that is not allowed changes nothing"


def test_a_link_has_only_the_options_of_its_page_and_none_is_lost(app):
    app.query_params["view"] = "graph"
    app.query_params["neuron"] = "dense:3"
    app.run()
    navigate(app, "train")
    assert dict(app.query_params) == {"neuron": "dense:3"}, "both pages have the neuron"
    app.query_params["epoch"] = "7"
    app.run()
    assert chosen(app) == {"view": "graph", "epoch": "7", "play": "0"}, "a link to Train says nothing of the view"
    assert app.code[0].value == "{'neuron': ['dense:3'], 'epoch': ['7'], 'play': ['1']}"
    navigate(app, "")
    assert dict(app.query_params) == {"view": "graph", "neuron": "dense:3"}
    assert not app.warning


def test_a_value_that_an_option_does_not_take_gets_a_sentence(app):
    app.query_params["neuron"] = "lstm:8"
    app.query_params["epoch"] = "210"
    app.run()
    assert [each.value for each in app.warning] == [
        "epoch = “210”: it takes a whole number of at most 2 digits. It is ignored.",
        "neuron = “lstm:8”: it takes a neuron. It is ignored.",
    ]
    assert app.text[0].value == ""
