"""A course page of another site frames parts of the app, but only if the operator allows it.

The server is below a base path and has no workers.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Frame, FrameLocator, Page, expect

from backend.database import Database
from backend.jobs.status import UNAVAILABLE
from harness.local import ROOT, free_port
from harness.server import Server
from harness.warm import healthy
from tests.browser.axe import faults
from tests.browser.contexts import Contexts
from tests.browser.hosting import stored
from tests.browser.places import PLACES
from tests.browser.room_pages import accessible
from tests.browser.site import elsewhere
from tests.browser.visit import DESK, FITS, PAGE, Visit
from tests.builders.asgi import get
from tests.builders.rooms import Classroom, rooms_on

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif("APP_ADDRESS" in os.environ, reason="the server has to allow the site of the test"),
]

EXAMPLE = (ROOT / "docs" / "embedding-example.html").read_text(encoding="utf-8")
#: Where the example expects the app.
THERE = "http://127.0.0.1:8501"
#: A site whose address is not this machine's.
CLASSROOM = "https://learn.example.org"
#: The other browser tests have no base path.
BASE = "/heads"
#: A reader of the course page on a desk, and one with a small phone.
READERS = {"desk": {"width": 700, "height": 900}, "phone": {"width": 360, "height": 740}}


@pytest.fixture(scope="module")
def port() -> int:
    """The port of the course's site."""
    return free_port()


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the server's database."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, port: int, state: Path) -> Iterator[Server]:
    """A server that may be framed by itself, the course's site and a site on https, so its cookies work in frames."""
    environment = {
        "TWOHEADS_FRAME_ANCESTORS": f"self http://localhost:{port} {CLASSROOM}",
        "TWOHEADS_STATE_DIR": str(state),
        "STREAMLIT_SERVER_BASE_URL_PATH": BASE,
    }
    with healthy(Server(tmp_path_factory.mktemp("framed") / "log", 0, environment, base=BASE)) as one:
        yield one


@contextmanager
def reading(contexts: Contexts, server: Server, site: str, reader: str = "desk", **media: Any) -> Iterator[Page]:
    """The course page, as a reader sees it."""
    with contexts.one(server.url, **DESK) as context:
        page = context.new_page()
        page.set_viewport_size(READERS[reader])  # type: ignore[arg-type]
        page.emulate_media(**media)
        page.goto(site)
        yield page


def framed(page: Page, title: str) -> tuple[FrameLocator, Frame]:
    """The frame whose title begins with “Two Heads: `title`”, once it is complete."""
    element = page.locator(f'iframe[title^="Two Heads: {title}"]')
    element.scroll_into_view_if_needed()
    inside = element.content_frame
    inside.locator("[data-testid=stApp][data-test-connection-state=CONNECTED]").wait_for()
    inside.locator("[data-test-script-state=notRunning]").wait_for()
    expect(inside.get_by_role("heading", level=1)).to_be_visible()
    frame = element.element_handle().content_frame()
    assert frame
    return inside, frame


def stand(page: Page | Frame) -> Page | Frame:
    """Wait until the page is drawn, if it is a page of the app."""
    if page.locator("[data-test-script-state]").count():
        page.locator("[data-test-script-state=notRunning]").wait_for()
    return page


def fits(frame: Frame) -> None:
    """Wait until nothing has to be scrolled sideways: charts and marks follow their place in the next frames."""
    stand(frame)
    frame.wait_for_function(FITS)


def pulls_the_box_apart(answer: FrameLocator) -> None:
    expect(answer.locator("section.diagram svg.side")).to_have_count(2)
    answer.get_by_role("button", name="Pull the box apart").click()
    expect(answer.get_by_role("button", name="Put it together")).to_be_visible()


def goes_to_the_first_epoch(curves: FrameLocator) -> None:
    expect(curves.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    curves.get_by_role("slider").press("Home")
    player = curves.get_by_role("group", name="Player of the run")  # the title of the curves says it, too
    expect(player.get_by_text(re.compile("^Before training|^After epoch 1 of 20"))).to_be_visible()


#: Frames of the example by their titles, and what a reader does in each.
FRAMES: dict[str, Callable[[FrameLocator], None]] = {
    "The same network?": pulls_the_box_apart,
    "Which one trains better?": goes_to_the_first_epoch,
}


def course(server: Server) -> str:
    """The example with these frames alone."""
    pattern = r'<iframe [^>]*title="Two Heads: ([^"]*)"[^>]*></iframe>'
    text = re.sub(pattern, lambda found: found[0] if found[1].startswith(tuple(FRAMES)) else "", EXAMPLE)
    assert text.count("<iframe") == len(FRAMES)
    return text.replace(THERE, server.url + server.base)


@pytest.mark.takes("frames of an app, and axe reads each of them")
def test_a_course_page_shows_each_part_and_readers_play(server: Server, port: int, contexts: Contexts) -> None:
    with (
        elsewhere(course(server), port) as site,
        reading(contexts, server, site, "phone", color_scheme="dark") as page,
    ):
        assert not faults(page)
        for title in FRAMES:
            inside, frame = framed(page, title)
            expect(inside.get_by_role("link", name="Open in Two Heads")).to_be_visible()
            expect(inside.locator("[data-testid=stSidebar], .st-key-frame-actions")).to_have_count(0)
            fits(frame)
            assert "embed=true" in frame.url
            FRAMES[title](inside)
            fits(frame)
            accessible(frame)


def test_a_participant_answers_in_a_frame(server: Server, state: Path, port: int, contexts: Contexts) -> None:
    with closing(Database(state)) as database, closing(rooms_on(database)) as rooms:
        room = stored(lambda: Classroom.open(rooms, database))
        address = f"{server.url}{BASE}/join/{room.opened.room.code}"
        html = f'<iframe title="Room" width="390" height="700" src="{address}"></iframe>'
        with elsewhere(html, port) as site, reading(contexts, server, site) as page:
            phone = page.frame_locator("iframe")
            expect(phone.get_by_text("You are in.")).to_be_visible(timeout=PAGE)
            who = phone.locator("b").first.inner_text()
            stored(lambda: room.act("begin"))
            phone.locator(".option-field").first.click()
            expect(phone.get_by_text("Sent.")).to_be_visible(timeout=PAGE)
            page.reload()
            expect(phone.get_by_text("Sent.")).to_be_visible(timeout=PAGE)
            assert phone.locator("b").first.inner_text() == who, "the frame keeps its cookie"
            stored(lambda: rooms.host.delete(room.id))
            expect(phone.get_by_text("This room does not exist any more.")).to_be_visible(timeout=PAGE)


def test_below_a_base_path_each_page_is_there_and_what_needs_no_worker_works(
    server: Server, contexts: Contexts
) -> None:
    with Visit(contexts, server.address, BASE) as visit:
        # A deep link is what most first visitors follow; see `Visit.faults`.
        page = visit.open("/train?epochs=2&timesteps=4&lstm=4&samples=64")
        expect(page.get_by_role("heading", level=1)).to_have_text("Which one trains better?")
        expect(page.get_by_text(UNAVAILABLE.sentence).first).to_be_visible()
        visit.expect_traces("sequences", 16)
        visit.go_to("Compare")
        expect(page.get_by_text("170 parameters").first).to_be_visible()
        page.get_by_role("radio", name="Code").click()
        expect(page.locator(".st-key-code-left pre")).to_contain_text("layers.LSTM(4")
    for place in PLACES:
        answer = get(server.address, f"{BASE}{place.path}")
        assert (answer.status, b"<title>" in answer.read()) == (200, True), place
