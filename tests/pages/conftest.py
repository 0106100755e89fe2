"""Pages run as the app runs them: from the shell, with real workers."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

SHELL = Path(__file__).parents[2] / "pages" / "navigation.py"


@pytest.fixture
def page(workers):
    """Opens a page of a new visitor with a query; the page's title is checked."""

    def open_page(script: str, title: str, **query: str | list[str]) -> AppTest:
        at = AppTest.from_file(str(SHELL))
        for key, value in query.items():
            at.query_params[key] = value
        at.run()
        if script != "compare.py":
            at.switch_page(script).run()
        assert not at.exception
        assert [heading.value for heading in at.title] == [title]
        return at

    return open_page
