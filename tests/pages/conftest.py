"""Fixtures that open pages through the shell, as the app does."""

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from tests.builders.pages import visit
from tests.builders.room_pages import ADDRESS, open_room
from tests.builders.rooms import Classroom


def open_page(script: str, title: str, **query: str | list[str]) -> AppTest:
    """A page of a new visitor with a query; the page's title is checked."""
    at = visit(script, **query)
    assert [heading.value for heading in at.title] == [title]
    return at


@pytest.fixture
def page(recorded):
    """Opens a page of a server whose jobs get recorded results."""
    return open_page


@pytest.fixture
def cookies(monkeypatch) -> dict[str, str]:
    """The cookies of the browser, which AppTest does not have."""
    jar: dict[str, str] = {}
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda self: jar))
    monkeypatch.setattr(ContextProxy, "ip_address", property(lambda self: ADDRESS))
    return jar


@pytest.fixture
def server(serve):
    """A server without workers."""
    return serve()


@pytest.fixture
def room(server) -> Classroom:
    """A room of that server."""
    return open_room(server)
