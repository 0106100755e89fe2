"""What .streamlit/config.toml gives away, and which of Streamlit's guards it leaves on."""

from __future__ import annotations

import pytest
from streamlit import config

from backend.web.cookie import HEADER


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("client.showErrorDetails", "none"),  # a visitor gets an id (components/layout/errors.py), the log the rest
        ("client.toolbarMode", "viewer"),
        ("browser.gatherUsageStats", False),
        ("server.enableXsrfProtection", True),
        ("server.enableCORS", True),
        ("server.enableAgentApi", False),
        # A session id alone resumes no session; `backend/web/cookie.py` sets the header.
        ("server.trustedUserHeaders", {HEADER: "visitor"}),
        # The welcome would ask the Internet for this machine's address.
        ("logger.hideWelcomeMessage", True),
        # A socket's messages are held in memory before anything looks at them.
        ("server.maxMessageSize", 10),
        ("server.maxWidgetStateSize", 1),
        ("server.maxUploadSize", 1),
    ],
)
def test_nothing_more_than_a_page_is_open(option: str, value: object) -> None:
    assert config.get_option(option) == value


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("server.disconnectedSessionTTL", 300),  # a connection may be lost for two minutes; 120 s would be usual
        ("global.minCachedMessageSize", 500),  # what did not change is not sent again
        ("runner.fastReruns", False),  # a flood of messages is one run, not a thread each
        ("runner.postScriptGC", False),  # backend/web/memory.py collects
    ],
)
def test_a_room_is_served_as_it_was_measured(option: str, value: object) -> None:
    assert config.get_option(option) == value


def test_a_proxy_that_hides_the_host_can_be_named() -> None:
    from app import other_origins

    assert other_origins() == set()
    default = config.ConfigOption.DEFAULT_DEFINITION
    try:
        config._set_option("browser.serverAddress", "Heads.example.org", "this test")
        config._set_option("server.corsAllowedOrigins", ["https://Other.example.org/"], "this test")
        origins = other_origins()
    finally:
        config._set_option("browser.serverAddress", "localhost", default)
        config._set_option("server.corsAllowedOrigins", [], default)
    assert {"https://heads.example.org", "http://heads.example.org", "https://other.example.org"} <= origins
    assert other_origins() == set()
