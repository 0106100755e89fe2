"""Share: the link is the page's own with its settings, drawn when it is asked for, with a QR code that reads as it."""

from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from components.layout import share


def page():
    import streamlit as st

    from components.layout import share
    from components.session import page_options
    from components.session.page_options import matching, one_of

    page_options.synchronise("train", {"neuron": matching("a:0", "a:0"), "play": one_of("0", "1")})
    st.text(share.link())
    st.text(share.link(play="1"))
    share.show()


@pytest.fixture
def app():
    app = AppTest.from_function(page)
    for key, value in {"timesteps": "12", "head": ["a.level.1...mse.Größe & co", "trend"], "neuron": "a:0"}.items():
        app.query_params[key] = value
    return app.run()


def test_the_link_has_every_setting_of_the_page_and_can_start_playing(app):
    assert not app.exception
    usual, playing = (parse_qs(urlsplit(text.value).query) for text in app.text)
    assert usual["timesteps"] == ["12"]
    assert usual["neuron"] == ["a:0"]
    assert usual["head"][0].endswith("Größe & co")
    assert playing == usual | {"play": ["1"]}


def test_what_it_opens_is_drawn_only_when_it_is_open(app):
    assert not app.get("bidi_component")
    app.session_state["frame.share"] = True
    app.run()
    (component,) = app.get("bidi_component")
    drawn = component.proto.json or component.proto.mixed.json
    assert "timesteps=12" in drawn
    assert any("data:image/svg+xml" in each.proto.body for each in app.get("html"))
    assert "play=1" not in drawn
    app.toggle[0].set_value(True).run()
    (component,) = app.get("bidi_component")
    assert "play=1" in (component.proto.json or component.proto.mixed.json)
    app.toggle[0].set_value(False).run()
    app.query_params["play"] = "1"  # the link by which the visitor came
    app.run()
    (component,) = app.get("bidi_component")
    assert "play=1" not in (component.proto.json or component.proto.mixed.json)


def test_a_link_that_no_qr_code_can_hold_has_none():
    assert share.qr_code("http://127.0.0.1/?" + "a" * 2900)
    assert share.qr_code("http://127.0.0.1/?" + "a" * 3000) is None
