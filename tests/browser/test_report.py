"""The report of a room in Chromium: it draws its pictures, passes axe, and prints every question."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from backend.database import Database
from tests.browser.axe import faults
from tests.browser.visit import Visit
from tests.builders.lessons import LESSON
from tests.builders.reports import taught
from tests.builders.rooms import Classroom, rooms_on

pytestmark = pytest.mark.browser

SIDEWAYS = "() => document.documentElement.scrollWidth - innerWidth"
PAPER = "() => getComputedStyle(document.body).backgroundColor"


def test_the_host_reads_and_prints_the_report(state: Path, visitor: Callable[..., Visit]) -> None:
    visit = visitor(color_scheme="dark")
    with closing(Database(state)) as database, closing(rooms_on(database)) as rooms:
        room = taught(Classroom.open(rooms, database))
    visit.context.add_cookies([{"name": k, "value": v, "url": visit.url} for k, v in room.cookies.items()])
    page = visit.page
    page.goto(f"{visit.url}/report/room/{room.id}")
    expect(page.locator(".question h2").first).to_contain_text(LESSON.steps[0].title)
    expect(page.locator(".drawn .bar").first).to_be_visible()
    assert not faults(page)
    page.emulate_media(media="print")
    assert page.evaluate(PAPER) == "rgb(255, 255, 255)"
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(SIDEWAYS) <= 0
