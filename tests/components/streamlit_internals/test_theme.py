"""The theme is read from the configuration once, and is the one that Streamlit would send."""

import sys

import pytest
from streamlit import config
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.runtime import app_session

from components.streamlit_internals import theme

SECTIONS = ("theme", "theme.light", "theme.dark", "theme.sidebar", "theme.light.sidebar", "theme.dark.sidebar")


def sent(populate):
    """What a browser gets of the theme: each section in its place."""
    message = NewSession()
    for section in SECTIONS:
        place = message.custom_theme
        for part in section.split(".")[1:]:
            place = getattr(place, part)
        populate(place, section)
    return message


@pytest.fixture(scope="module")
def plain():
    """What Streamlit itself sends."""
    return sent(app_session._populate_theme_msg)


def test_a_section_of_the_theme_is_read_once(plain):
    theme.install()
    first = sent(app_session._populate_theme_msg)
    calls = []
    sys.setprofile(lambda frame, event, _: calls.append(frame.f_code) if event == "call" else None)
    try:
        again = sent(app_session._populate_theme_msg)
    finally:
        sys.setprofile(None)
    assert config.get_options_for_section.__code__ not in calls
    assert first == again == plain
    assert not plain.custom_theme.HasField("sidebar")
    assert plain.custom_theme.light.primary_color != plain.custom_theme.dark.primary_color
