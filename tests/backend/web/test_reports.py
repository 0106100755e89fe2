"""The addresses of a room's report: for its host, and a sentence for everybody else and for old links."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.client import HTTPConnection

import pytest
from starlette.applications import Starlette

from backend.database import Database
from backend.rooms.report import Report
from backend.web.cookie import new_visitor
from backend.web.frontend import Frontend
from backend.web.reports import report_routes
from backend.web.rooms import cookie_name
from components.phone import report
from tests.builders.asgi import serve
from tests.builders.reports import NAMES, PANELS, reported, taught
from tests.builders.rooms import Classroom, rooms_on

pytestmark = pytest.mark.slow

STRANGER = "Only the host of this room sees its report."


class Site:
    """A server with the routes of reports below a base path, and a class that has seen its first result."""

    def __init__(self, address: str, room: Classroom, base: str) -> None:
        self.address, self.room, self.base = address, room, base
        self.cookie = f"{cookie_name(room.id)}={room.opened.host}"

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, str, dict[str, str]]:
        connection = HTTPConnection(self.address, timeout=60)
        connection.request(method, f"{self.base}{path}", headers=headers)
        response = connection.getresponse()
        found = response.status, response.read().decode(), {k.lower(): v for k, v in response.getheaders()}
        connection.close()
        return found


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    database, base = Database(tmp_path), "/heads"
    rooms = rooms_on(database)
    page = partial(report.document, base)
    app = Frontend(Starlette(routes=report_routes(lambda: rooms, PANELS, page, base)), {}, base)
    with serve(app) as address:
        yield Site(address, taught(Classroom.open(rooms, database, new_visitor())), base)
    rooms.close()
    database.close()


def test_the_host_reads_the_report_of_the_room(site):
    status, text, headers = site.ask(f"/report/room/{site.room.id}", Cookie=site.cookie)
    assert (status, headers["cache-control"]) == (200, "no-store")
    assert "<h2>1. The sum</h2>" in text
    assert f'href="{site.base}/report/room/{site.room.id}/answers.csv"' in text
    for name in NAMES:
        assert name not in text
    status, text, headers = site.ask(f"/report/room/{site.room.id}/answers.csv", Cookie=site.cookie)
    assert (status, headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert {row["alias"] for row in csv.DictReader(io.StringIO(text))} == {*NAMES[:7]}


def test_nobody_else_reads_it(site):
    name = cookie_name(site.room.id)
    for end in ("", "/answers.csv"):
        path = f"/report/room/{site.room.id}{end}"
        for cookie in ("", f"{name}=", f"{name}={'A' * 32}", f"two_heads_host_x={site.room.opened.host}"):
            status, text, _ = site.ask(path, Cookie=cookie)
            assert status == 403
            assert STRANGER in text
            assert "How large" not in text
        assert site.ask(f"/report/room/no-such-room{end}", Cookie=site.cookie)[0] == 404


def test_what_people_and_lessons_write_is_no_html(site):
    view, hostile = site.room.view, "<img src=x onerror=alert(1)>"
    step = view.room.step
    options = tuple(option.model_copy(update={"text": hostile, "misconception": hostile}) for option in step.options)
    changed = step.model_copy(update={"title": hostile, "text": hostile, "why": hostile, "options": options})
    (asked,) = reported(site.room).questions
    text = report.document("", Report(view, 0.0, (replace(asked, step=changed),)), "/answers.csv")
    assert "<img" not in text
    assert text.count("&lt;img") >= 5
