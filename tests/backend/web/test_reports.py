"""The addresses of a room's report: for its host, by the link of a kept one, and a sentence for everybody else."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest
from starlette.applications import Starlette

from backend.database import Database
from backend.web.cookie import new_visitor
from backend.web.known_pages import KnownPages
from backend.web.reports import make, report_routes
from backend.web.rooms import cookie_name
from components.phone import report
from tests.builders.asgi import serve
from tests.builders.reports import NAMES, PANELS, taught
from tests.builders.rooms import Classroom, Clock, rooms_on

pytestmark = pytest.mark.slow

STRANGER = "Only the host of this room sees its report."


class Site:
    """A server with the routes of reports below a base path, and a class that has seen its first result."""

    def __init__(self, address: str, room: Classroom, clock: Clock, base: str) -> None:
        self.address, self.room, self.clock, self.base = address, room, clock, base
        self.cookie = f"{cookie_name('host', room.id)}={room.opened.host}"

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, str, dict[str, str]]:
        connection = HTTPConnection(self.address, timeout=60)
        connection.request(method, f"{self.base}{path}", headers=headers)
        response = connection.getresponse()
        found = response.status, response.read().decode(), {k.lower(): v for k, v in response.getheaders()}
        connection.close()
        return found

    def keep(self, *, names: bool = False) -> str:
        """Keep the report; the path of its link."""
        rooms, room = self.room.rooms, self.room.opened.room
        kept = rooms.reports.keep(room, make(rooms, self.room.view, PANELS, names=names), 30)
        return f"/report/kept/{kept.id}/{rooms.reports.token(room, kept)}"


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    database, clock, base = Database(tmp_path), Clock(), "/heads"
    rooms = rooms_on(database, clock)
    page = lambda shown: report.document(base, shown)  # noqa: E731
    app = KnownPages(Starlette(routes=report_routes(lambda: rooms, PANELS, page, base)), {base}, base)
    with serve(app) as address:
        yield Site(address, taught(Classroom.open(rooms, database, new_visitor())), clock, base)
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
    name = cookie_name("host", site.room.id)
    for end in ("", "/answers.csv"):
        path = f"/report/room/{site.room.id}{end}"
        for cookie in (
            *("", f"{name}=", f"{name}={site.room.opened.board}"),
            f"two_heads_board_x={site.room.opened.host}",
        ):
            status, text, _ = site.ask(path, Cookie=cookie)
            assert status == 403
            assert STRANGER in text
            assert "How large" not in text
        assert site.ask(f"/report/room/no-such-room{end}", Cookie=site.cookie)[0] == 404


def test_the_link_of_a_kept_report_needs_no_cookie_and_no_room(site):
    path = site.keep()
    site.room.rooms.host.delete(site.room.id)
    status, text, headers = site.ask(path)
    assert (status, headers["cache-control"]) == (200, "no-store")
    assert "<h2>1. The sum</h2>" in text
    assert f'action="{site.base}{path}/delete"' in text
    status, text, _ = site.ask(f"{path}/answers.csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert status == 200
    assert len(rows) == 13
    assert not {"alias", "seed"} & rows[0].keys()
    assert site.ask(f"/report/room/{site.room.id}", Cookie=site.cookie)[0] == 404
    assert site.ask(path[:-1])[0] == site.ask("/report/kept/x/y")[0] == 404


def test_it_is_deleted_from_its_own_page_alone(site):
    path = site.keep()
    for origin in ({}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}):
        assert site.ask(f"{path}/delete", "POST", **origin)[0] == 403
    assert site.ask(f"{path}/delete")[0] == 405
    assert site.ask(path)[0] == 200
    assert site.ask(f"{path}/delete", "POST", Origin=f"http://{site.address}")[0] == 200
    assert site.ask(path)[0] == 404


def test_what_people_and_lessons_write_is_no_html(site):
    asked = make(site.room.rooms, site.room.view, PANELS, names=True)
    (question,) = asked.questions
    hostile = "<img src=x onerror=alert(1)>"
    options = tuple(
        option.model_copy(update={"text": hostile, "misconception": hostile}) for option in question.options
    )
    changed = question.model_copy(update={"title": hostile, "text": hostile, "why": hostile, "options": options})
    named = asked.model_copy(update={"title": hostile, "questions": (changed,), "aliases": {1: hostile}})
    from backend.web.reports import ReportPage

    text = report.document("", ReportPage(named, "/answers.csv", 0.0))
    assert "<img" not in text
    assert text.count("&lt;img") >= 6
