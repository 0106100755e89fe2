"""Pages run as the app runs them: from the shell, with real workers."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.helpers import SHELL, visit

__all__ = ["SHELL", "page"]


@pytest.fixture
def page(workers):
    """Opens a page of a new visitor with a query; the page's title is checked."""

    def open_page(script: str, title: str, **query: str | list[str]) -> AppTest:
        at = visit(script, **query)
        assert [heading.value for heading in at.title] == [title]
        return at

    return open_page
