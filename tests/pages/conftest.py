"""Fixtures that open pages through the shell, as the app does."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.builders.pages import visit


def open_page(script: str, title: str, **query: str | list[str]) -> AppTest:
    """A page of a new visitor with a query; the page's title is checked."""
    at = visit(script, **query)
    assert [heading.value for heading in at.title] == [title]
    return at


@pytest.fixture
def page(recorded):
    """Opens a page of a server whose jobs get recorded results."""
    return open_page
