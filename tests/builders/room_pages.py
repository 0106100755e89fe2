"""The pages of rooms by AppTest: opened through the shell, for the host, the board and strangers."""

from __future__ import annotations

import re
from typing import Any

from streamlit.testing.v1 import AppTest

from backend.services import Services
from backend.web.cookie import new_visitor
from tests.builders import pages
from tests.builders.pages import button
from tests.builders.rooms import Classroom

#: The visitor who opens the rooms, and the network of all browsers.
HOST = new_visitor()
ADDRESS = "192.0.2.7"


def open_room(server: Services, lesson: str = "factor-of-two") -> Classroom:
    """A room of that server, led without a page."""
    found = server.lessons().lesson(lesson)
    assert found is not None
    return Classroom.open(server.rooms, server.database, HOST, found)


def visit(visitor: str = "", /, **query: Any) -> AppTest:
    """The page of a visitor; a new one where none is named."""
    return again(pages.visit("room.py", visitor or new_visitor(), **query))


def visit_host(room: Classroom) -> AppTest:
    """The host's page with the menu below it. It needs the host's cookie."""
    at = visit(HOST, host=room.id)
    at.session_state["room.more"] = True
    return again(at)


def led(room: Classroom, cookies: dict[str, str]) -> AppTest:
    """The host's page after six people have answered, three of them right."""
    room.asked(1, 0, 1, 0, 1, 0)
    cookies |= room.cookies
    return visit_host(room)


def again(at: AppTest) -> AppTest:
    """Draw the page again, without an error."""
    pages.run(at)
    assert not at.error
    return at


def press(at: AppTest, label: str) -> AppTest:
    """Press the first button with that label."""
    button(at, label).click()
    return again(at)


def said(at: AppTest) -> str:
    """What the page says below its headings."""
    return "\n".join(each.value for each in [*at.warning, *at.info, *at.toast, *at.markdown, *at.caption])


def coloured(at: AppTest) -> str:
    """The label of the one coloured button."""
    (label,) = (each.label for each in at.button if each.proto.type == "primary")
    return str(label)


def distribution(at: AppTest) -> list[str]:
    """What the host alone sees of the answers."""
    return [line for line in said(at).split("\n") if re.match(r"\*\*[A-F]( ✓)?\*\* · \*\*\d+\*\* · ", line)]
