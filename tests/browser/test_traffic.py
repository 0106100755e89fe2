"""What a first visit costs: the bytes over the wire of all files that a page loads."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from harness.files import needed
from harness.traffic import Traffic
from tests.browser.contexts import Contexts
from tests.browser.hosting import link_to_lead
from tests.browser.visit import Visit, prepare

pytestmark = pytest.mark.browser

#: The most bytes of a first load. Chromium asks a loopback server for brotli, as it asks one with TLS.
FIRST, WITH_CHARTS = 1_200_000, 2_700_000
#: Of a participant of a room.
PHONE_JOINS = 60_000
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture
def contexts(chromium: Browser) -> Contexts:
    """Contexts whose cache has no file of the app, as the browser of a first visitor."""
    return Contexts(chromium, prepare)


def loaded(visit: Visit, path: str) -> Traffic:
    """What a load of that page transfers."""
    traffic = Traffic(visit.page)
    visit.open(path)
    if path == "/train":
        visit.page.locator(".js-plotly-plot .main-svg").first.wait_for()
    traffic.until_quiet()
    assert f"/{path.strip('/').partition('?')[0]}" in traffic.files
    return traffic


def expected(visit: Visit, page: str) -> set[str]:
    """What the load test and the rehearsal load for that page."""
    html = visit.page.request.get(f"{visit.url}/{page}").text()
    return {f"/{page}", "/_stcore/health", "/_stcore/host-config", *needed(page, html)}


@pytest.mark.parametrize(("path", "most"), [("/", FIRST), ("/train", WITH_CHARTS)])
def test_a_first_load_is_small_and_a_second_one_smaller(visit: Visit, path: str, most: int) -> None:
    first = loaded(visit, path)
    print(path, first.requests, len(first.files), first.total, first.websocket)
    assert any("PlotlyChart" in file for file in first.files) == (path == "/train")
    assert first.total <= most, first.largest()
    assert set(first.files) == expected(visit, path.strip("/"))
    again = loaded(visit, path)
    print(path, "again", again.requests, len(again.files), again.total, again.websocket)
    assert again.total <= 20_000, again.largest()


def test_a_phone_joins_a_room_with_as_little(visitor: Callable[..., Visit]) -> None:
    host = visitor()
    host.page.goto(link_to_lead(host.open("/room")))
    host.stand()
    code = re.search(r"Code ([A-Z0-9]{6})", host.page.inner_text(".stMain"))
    assert code
    phone = visitor(**PHONE).page
    joined = Traffic(phone)
    phone.goto(f"{host.url}/join/{code[1]}")
    expect(phone.get_by_text("You are in.")).to_be_visible()
    joined.until_quiet()
    print("phone", joined.requests, len(joined.files), joined.total)
    assert joined.total <= PHONE_JOINS, joined.largest()
    assert len(joined.files) <= 8
    assert joined.websocket == 0
