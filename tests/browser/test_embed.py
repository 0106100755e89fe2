"""A course page of another site frames parts of the app: without a cookie, and only where the operator allows it."""

from __future__ import annotations

import os
import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Frame, FrameLocator, Page, expect

from backend.web.cookie import COOKIE
from harness.host import Host
from harness.local import ROOT, free_port
from harness.server import Server
from tests.browser.axe import faults
from tests.browser.contexts import Contexts
from tests.browser.hosting import open_room, played, press
from tests.browser.site import elsewhere
from tests.browser.visit import DESK, PAGE, WORKER

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif("APP_ADDRESS" in os.environ, reason="the server has to allow the site of the test"),
]

EXAMPLE = (ROOT / "docs" / "embedding-example.html").read_text(encoding="utf-8")
#: Where the example expects the app.
THERE = "http://127.0.0.1:8501"
#: A site whose address is not this machine's.
CLASSROOM = "https://learn.example.org"
#: A reader of the course page on a desk, and one with a small phone.
READERS = {"desk": {"width": 700, "height": 900}, "phone": {"width": 360, "height": 740}}
FRAMES = ("Is it the same network?", "claim 2, ", "Which one trains better?", "Where did the factor of two come from?")

FITS = """[document.documentElement, document.querySelector('.stMain')]
  .every((each) => each.scrollWidth <= each.clientWidth)"""


@pytest.fixture(scope="module")
def port() -> int:
    """The port of the course's site."""
    return free_port()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, port: int) -> Iterator[Server]:
    """A server that allows the course's site, and no other."""
    allowed = {"TWOHEADS_FRAME_ANCESTORS": f"http://localhost:{port}"}
    running = Server(tmp_path_factory.mktemp("framed") / "log", workers=1, environment=allowed)
    running.wait_until_healthy()
    yield running
    running.stop()
    log = running.log.read_text()
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
    """The frame whose title begins so, once it is complete."""
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
    """Wait until the page is drawn, where it is one of the app."""
    if page.locator("[data-test-script-state]").count():
        page.locator("[data-test-script-state=notRunning]").wait_for()
    return page


def fits(frame: Frame) -> bool:
    """Whether nothing has to be scrolled sideways."""
    stand(frame)
    return bool(frame.evaluate(FITS))


@pytest.mark.takes("four frames of an app, and axe reads each of them")
@pytest.mark.parametrize(
    ("reader", "scheme"), [("phone", "dark"), pytest.param("desk", "light", marks=pytest.mark.soak)]
)
def test_a_course_page_shows_each_part_and_readers_play(
    server: Server, port: int, contexts: Contexts, reader: str, scheme: str
) -> None:
    text = EXAMPLE.replace(THERE, server.url)
    with elsewhere(text, port) as site, reading(contexts, server, site, reader, color_scheme=scheme) as page:
        assert not faults(page)
        for title in FRAMES:
            inside, frame = framed(page, title)
            expect(inside.get_by_role("link", name="Open in Two Heads")).to_be_visible()
            expect(inside.locator("[data-testid=stSidebar], .st-key-frame-actions")).to_have_count(0)
            assert fits(frame)
            assert "embed=true" in frame.url

        answer, frame = framed(page, FRAMES[0])
        expect(answer.locator("section.diagram svg.side")).to_have_count(2)
        answer.get_by_role("button", name="Pull the box apart").click()
        expect(answer.get_by_role("button", name="Put it together")).to_be_visible()
        assert not faults(stand(frame))

        claim, frame = framed(page, FRAMES[1])
        claim.get_by_role("radio", name="every style").click()
        expect(claim.get_by_text("✓ Right: you predicted “every style”.")).to_be_visible(timeout=WORKER)
        assert fits(frame)
        assert not faults(stand(frame))

        curves, frame = framed(page, FRAMES[2])
        expect(curves.locator(".js-plotly-plot .main-svg").first).to_be_visible()
        curves.get_by_role("slider").press("Home")
        expect(curves.get_by_text(re.compile("^Before training|^After epoch 1 of 20"))).to_be_visible()
        assert not faults(stand(frame))

        step, frame = framed(page, FRAMES[3])
        step.get_by_text("1: the two totals are equal").click()
        step.get_by_role("button", name="Submit my prediction").click()
        expect(step.get_by_text("✓ Right.")).to_be_visible(timeout=WORKER)
        expect(step.locator(".js-plotly-plot .main-svg").first).to_be_attached()
        assert fits(frame)
        assert not faults(stand(frame))

        page.set_viewport_size(READERS["desk"])  # type: ignore[arg-type]
        for title in FRAMES:
            _, frame = framed(page, title)
            frame.wait_for_function(FITS)  # charts follow the new size in the next frames
        assert not page.context.cookies(), "a frame of another site gets no cookie without https, and needs none"


def test_the_whole_page_opens_in_a_tab_with_the_same_settings(server: Server, port: int, contexts: Contexts) -> None:
    address = f"{server.url}/claims?embed=true&claim=shapes&timesteps=7".replace("&", "&amp;")
    text = f'<iframe src="{address}" title="Two Heads: a claim" width="600" height="600"></iframe>'
    with elsewhere(text, port) as site, reading(contexts, server, site) as page:
        inside, frame = framed(page, "a claim")
        tab = pressed(page, inside, "Open in Two Heads")
        expect(tab.get_by_role("heading", level=1)).to_have_text("Which of the thread's claims are true?")
        tab.wait_for_url(f"{server.url}/claims?timesteps=7#shapes")
        assert frame.url == address.replace("&amp;", "&")


def test_a_part_of_the_answer_opens_its_place_in_a_tab(server: Server, port: int, contexts: Contexts) -> None:
    text = f'<iframe src="{server.url}/?embed=true&amp;timesteps=7" title="Two Heads: the answer"></iframe>'
    with elsewhere(text, port) as site, reading(contexts, server, site) as page:
        inside, frame = framed(page, "the answer")
        tab = pressed(page, inside, "the scale of the loss (Functional's is ×2)")
        expect(tab.get_by_role("heading", level=1)).to_have_text("Which one trains better?")
        tab.wait_for_url(f"{server.url}/train?timesteps=7")
        assert frame.url == f"{server.url}/?embed=true&timesteps=7"


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
    with elsewhere(EXAMPLE.replace(THERE, server.url), free_port()) as site, reading(contexts, server, site) as page:
        element = page.locator("iframe").first.element_handle()
        frame = element.content_frame()
        assert frame
        page.wait_for_function(
            "(frame) => { try { return !frame.contentDocument } catch { return true } }", arg=element
        )
        frame.wait_for_load_state()
        assert frame.url.startswith("chrome-error:"), frame.url


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory, port: int) -> Iterator[Server]:
    """A server that a site on https may frame, too, so its cookies are for frames."""
    allowed = {"TWOHEADS_FRAME_ANCESTORS": f"self http://localhost:{port} {CLASSROOM}"}
    running = Server(tmp_path_factory.mktemp("secure") / "log", workers=0, environment=allowed)
    running.wait_until_healthy()
    yield running
    running.stop()


def test_a_site_on_https_frames_it_with_a_cookie(secure: Server, contexts: Contexts) -> None:
    """By which a visitor's runs are found again."""
    with urllib.request.urlopen(secure.url, timeout=10) as answer:
        assert "frame-ancestors 'self' http://localhost:" in answer.headers["content-security-policy"]
        assert CLASSROOM in answer.headers["content-security-policy"]
        assert "x-frame-options" not in answer.headers
    with contexts.one(secure.url, **DESK) as context:
        page = context.new_page()
        # Its address is public and ours is this machine's own: a browser asks the visitor before it mixes the two.
        context.grant_permissions(["local-network-access"], origin=CLASSROOM)
        lesson = f'<iframe src="{secure.url}" width="1200" height="800"></iframe>'
        page.route(f"{CLASSROOM}/**", lambda route: route.fulfill(body=lesson, content_type="text/html"))
        values = set()
        for _ in range(2):
            page.goto(f"{CLASSROOM}/lesson")
            expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_be_visible()
            (cookie,) = (cookie for cookie in context.cookies() if cookie["name"] == COOKIE)
            assert (cookie["sameSite"], cookie["secure"], cookie["httpOnly"]) == ("None", True, True)
            values.add(cookie["value"])
        assert len(values) == 1


def test_a_participant_answers_in_a_frame(secure: Server, port: int, contexts: Contexts) -> None:
    host = Host(secure.address)
    played(open_room(host, "Where did the factor of two come from?"))
    html = f'<iframe title="Room" width="390" height="700" src="{secure.url}/join/{host.code}"></iframe>'
    with elsewhere(html, port) as site, reading(contexts, secure, site) as page:
        phone = page.frame_locator("iframe")
        expect(phone.get_by_text("You are in.")).to_be_visible(timeout=PAGE)
        who = phone.locator("b").first.inner_text()
        played(press(host, "Begin"))
        phone.locator(".option-field").first.click()
        expect(phone.get_by_text("Sent.")).to_be_visible(timeout=PAGE)
        page.reload()
        expect(phone.get_by_text("Sent.")).to_be_visible(timeout=PAGE)
        assert phone.locator("b").first.inner_text() == who, "the frame keeps its cookie"
        played(press(host, "Delete the room"))
        expect(phone.get_by_text("This room does not exist any more.")).to_be_visible(timeout=PAGE)
