"""A course page of another site frames parts of the app, but only if the operator allows it.

The fixture `server` is below a base path and has no workers. The fixture `plain` has a worker, and its cookies are not
sent in frames.
"""

from __future__ import annotations

import os
import re
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Frame, FrameLocator, Page, expect

from backend.database import Database
from backend.jobs.status import UNAVAILABLE
from backend.web.cookie import COOKIE
from harness.local import ROOT, free_port, until
from harness.server import Server
from harness.warm import healthy
from tests.browser.axe import faults
from tests.browser.contexts import Contexts
from tests.browser.hosting import stored
from tests.browser.places import PLACES
from tests.browser.room_pages import accessible
from tests.browser.site import elsewhere
from tests.browser.visit import DESK, FITS, PAGE, WORKER, Visit
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
def metrics() -> int:
    """The port where Prometheus reads."""
    return free_port()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, port: int, state: Path, metrics: int) -> Iterator[Server]:
    """A server that may be framed by itself, the course's site and a site on https, so its cookies work in frames."""
    environment = {
        "TWOHEADS_FRAME_ANCESTORS": f"self http://localhost:{port} {CLASSROOM}",
        "TWOHEADS_STATE_DIR": str(state),
        "TWOHEADS_METRICS_PORT": str(metrics),
        "STREAMLIT_SERVER_BASE_URL_PATH": BASE,
    }
    with running(Server(tmp_path_factory.mktemp("framed") / "log", 0, environment, base=BASE)) as one:
        yield one


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, port: int) -> Iterator[Server]:
    """A server with a worker that only the course's site may frame, so its cookies do not work in frames."""
    environment = {"TWOHEADS_FRAME_ANCESTORS": f"http://localhost:{port}"}
    with running(Server(tmp_path_factory.mktemp("plain") / "log", 1, environment)) as one:
        yield one


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """The server while it answers. Nothing may have failed in it."""
    with healthy(server):
        yield server
    log = server.log.read_text()
    assert "Traceback" not in log, log
    assert "page error" not in log, log


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
    inside.locator("[data-testid=stApp][data-test-connection-state=CONNECTED]").wait_for(timeout=WORKER)
    inside.locator("[data-test-script-state=notRunning]").wait_for(timeout=WORKER)
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
    place = answer.get_by_role("link", name="the scale of the loss")
    expect(place).to_have_attribute("target", "_blank")
    expect(place).to_have_accessible_name(re.compile(r"\(opens a new tab\)$"))


def predicts(claim: FrameLocator) -> None:
    claim.get_by_role("radio", name="every style").click()
    expect(claim.get_by_text("✓ Right: you predicted “every style”.")).to_be_visible(timeout=WORKER)


def goes_to_the_first_epoch(curves: FrameLocator) -> None:
    expect(curves.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    curves.get_by_role("slider").press("Home")
    player = curves.get_by_role("group", name="Player of the run")  # the title of the curves says it, too
    expect(player.get_by_text(re.compile("^Before training|^After epoch 1 of 20"))).to_be_visible()


def answers_the_question(step: FrameLocator) -> None:
    step.get_by_text("1: the two totals are equal").click()
    step.get_by_role("button", name="Submit my prediction").click()
    expect(step.get_by_text("✓ Right.")).to_be_visible(timeout=WORKER)
    expect(step.locator(".js-plotly-plot .main-svg").first).to_be_attached()


#: The frames of the example by their titles, and what a reader does in each.
FRAMES: dict[str, Callable[[FrameLocator], None]] = {
    "Is it the same network?": pulls_the_box_apart,
    "claim 2, ": predicts,
    "Which one trains better?": goes_to_the_first_epoch,
    "Where did the factor of two come from?": answers_the_question,
}
#: Two of them need no worker.
QUICK = ("Is it the same network?", "Which one trains better?")


def course(server: Server, titles: tuple[str, ...]) -> str:
    """The example with the frames of these titles, and no other."""
    pattern = r'<iframe [^>]*title="Two Heads: ([^"]*)"[^>]*></iframe>'
    text = re.sub(pattern, lambda found: found[0] if found[1].startswith(titles) else "", EXAMPLE)
    assert text.count("<iframe") == len(titles)
    return text.replace(THERE, server.url + server.base)


@pytest.mark.takes("frames of an app, and axe reads each of them")
@pytest.mark.parametrize(
    ("where", "titles", "reader", "scheme"),
    [
        ("server", QUICK, "phone", "dark"),
        pytest.param("plain", tuple(FRAMES), "phone", "dark", marks=pytest.mark.soak),
        pytest.param("plain", tuple(FRAMES), "desk", "light", marks=pytest.mark.soak),
    ],
)
def test_a_course_page_shows_each_part_and_readers_play(
    request: pytest.FixtureRequest, port: int, contexts: Contexts, where: str, titles: tuple[str, ...], reader: str,
    scheme: str,
) -> None:  # fmt: skip
    server = request.getfixturevalue(where)
    with (
        elsewhere(course(server, titles), port) as site,
        reading(contexts, server, site, reader, color_scheme=scheme) as page,
    ):
        assert not faults(page)
        for title in titles:
            inside, frame = framed(page, title)
            expect(inside.get_by_role("link", name="Open in Two Heads")).to_be_visible()
            expect(inside.locator("[data-testid=stSidebar], .st-key-frame-actions")).to_have_count(0)
            fits(frame)
            assert "embed=true" in frame.url
            FRAMES[title](inside)
            fits(frame)
            accessible(frame)

        page.set_viewport_size(READERS["desk"])  # type: ignore[arg-type]
        for title in titles:
            _, frame = framed(page, title)
            fits(frame)
        if where == "plain":
            assert not page.context.cookies(), "a frame of another site gets no cookie without https, and needs none"


def test_the_whole_page_opens_in_a_tab_with_the_same_settings(server: Server, port: int, contexts: Contexts) -> None:
    address = f"{server.url}{BASE}/claims?embed=true&claim=shapes&timesteps=7".replace("&", "&amp;")
    text = f'<iframe src="{address}" title="Two Heads: a claim" width="600" height="600"></iframe>'
    with elsewhere(text, port) as site, reading(contexts, server, site) as page:
        inside, frame = framed(page, "a claim")
        tab = pressed(page, inside, "Open in Two Heads")
        expect(tab.get_by_role("heading", level=1)).to_have_text("Which of the thread's claims are true?")
        tab.wait_for_url(f"{server.url}{BASE}/claims?timesteps=7#shapes")
        assert frame.url == address.replace("&amp;", "&")


@pytest.mark.soak
def test_a_part_of_the_answer_opens_its_place_in_a_tab(server: Server, port: int, contexts: Contexts) -> None:
    text = f'<iframe src="{server.url}{BASE}/?embed=true&amp;timesteps=7" title="Two Heads: the answer"></iframe>'
    with elsewhere(text, port) as site, reading(contexts, server, site) as page:
        inside, frame = framed(page, "the answer")
        tab = pressed(page, inside, "the scale of the loss (Functional's is ×2)")
        expect(tab.get_by_role("heading", level=1)).to_have_text("Which one trains better?")
        tab.wait_for_url(f"{server.url}{BASE}/train?timesteps=7")
        assert frame.url == f"{server.url}{BASE}/?embed=true&timesteps=7"


def pressed(page: Page, inside: FrameLocator, link: str) -> Page:
    """The tab that opens when a link in a frame is pressed."""
    there = inside.get_by_role("link", name=link)
    expect(there).to_have_accessible_name(re.compile(r"\(opens a new tab\)$"))
    with page.expect_popup() as opened:
        there.click()
    return opened.value


def test_a_site_that_the_operator_has_not_named_gets_an_empty_frame(
    server: Server, port: int, contexts: Contexts
) -> None:
    with elsewhere(course(server, QUICK), free_port()) as site, reading(contexts, server, site) as page:
        element = page.locator("iframe").first.element_handle()
        frame = element.content_frame()
        assert frame
        page.wait_for_function(
            "(frame) => { try { return !frame.contentDocument } catch { return true } }", arg=element
        )
        frame.wait_for_load_state()
        until(lambda: (page.title(), frame.url.startswith("chrome-error:"))[1], "the browser's own page of an error")


def test_a_site_on_https_frames_it_with_a_cookie(server: Server, contexts: Contexts) -> None:
    """By this cookie, the server finds a visitor's runs again."""
    with urllib.request.urlopen(server.url + BASE + "/", timeout=10) as answer:
        assert "frame-ancestors 'self' http://localhost:" in answer.headers["content-security-policy"]
        assert CLASSROOM in answer.headers["content-security-policy"]
        assert "x-frame-options" not in answer.headers
    with contexts.one(server.url, **DESK) as context:
        page = context.new_page()
        # A public site frames a loopback address here. For that, the browser asks the visitor for permission.
        context.grant_permissions(["local-network-access"], origin=CLASSROOM)
        lesson = f'<iframe src="{server.url}{BASE}/" width="1200" height="800"></iframe>'
        page.route(f"{CLASSROOM}/**", lambda route: route.fulfill(body=lesson, content_type="text/html"))
        values = set()
        for _ in range(2):
            page.goto(f"{CLASSROOM}/lesson")
            expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_be_visible()
            (cookie,) = (cookie for cookie in context.cookies() if cookie["name"] == COOKIE)
            assert (cookie["sameSite"], cookie["secure"], cookie["httpOnly"]) == ("None", True, True)
            values.add(cookie["value"])
        assert len(values) == 1


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
    server: Server, contexts: Contexts, metrics: int
) -> None:
    with Visit(contexts, server.address, BASE) as visit:
        # A deep link is what most first visitors follow; see `Visit.faults`.
        page = visit.open("/train?epochs=2&timesteps=4&lstm=4&samples=64")
        expect(page.get_by_role("heading", level=1)).to_have_text("Which one trains better?")
        expect(page.get_by_text(UNAVAILABLE.sentence).first).to_be_visible()
        visit.expect_traces("sequences", 16)
        visit.go_to("Compare")
        expect(page.get_by_text("170 parameters").first).to_be_visible()
        expect(page.locator(".st-key-code-left pre")).to_contain_text("layers.LSTM(4")
        assert re.search("^twoheads_sessions [1-9]", get(f"127.0.0.1:{metrics}", "/metrics").read().decode(), re.M)
    for place in PLACES:
        answer = get(server.address, f"{BASE}{place.path}")
        assert (answer.status, b"<title>" in answer.read()) == (200, True), place
