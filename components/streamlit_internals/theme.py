"""The theme that is sent at the beginning of each run is read from the configuration once.

Streamlit goes through all options of the configuration six times a run, for the runs of fragments, too. The theme does
not change while the server runs.

Needs: `_populate_theme_msg`, which writes a section of the theme into a message.
No supported way: the message is written in every run, and no setting says which parts of it.
Measured: 2 % of the processor time of a settings change on Train, and 15 % of a poll.
Checked on: Streamlit 1.67.0
Fails without it: test_a_section_of_the_theme_is_read_once in tests/components/streamlit_internals/test_theme.py
Upstream: https://github.com/streamlit/streamlit/blob/1.67.0/lib/streamlit/runtime/app_session.py
"""

from __future__ import annotations

from functools import cache

from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

_populate = app_session._populate_theme_msg


def install() -> None:
    """Have Streamlit copy the theme. Call this before the first session."""
    app_session._populate_theme_msg = _copy


def _copy(msg: CustomThemeConfig, section: str = "theme") -> None:
    theme = _section(section)
    if theme.ByteSize():  # writing nothing would mark the section as set
        msg.MergeFrom(theme)


@cache
def _section(section: str) -> CustomThemeConfig:
    theme = CustomThemeConfig()
    _populate(theme, section)
    return theme
