"""What .streamlit/config.toml gives away, and which of Streamlit's guards it leaves on."""

from __future__ import annotations

import pytest
from streamlit import config


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("client.showErrorDetails", "none"),  # a visitor gets an id (components/fault.py), the log the rest
        ("client.toolbarMode", "viewer"),
        ("browser.gatherUsageStats", False),
        ("server.enableXsrfProtection", True),
        ("server.enableCORS", True),
        ("server.enableAgentApi", False),
    ],
)
def test_nothing_more_than_a_page_is_open(option: str, value: object) -> None:
    assert config.get_option(option) == value
