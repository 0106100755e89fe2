"""What a first visit costs: the bytes over the wire of all files that a page loads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from harness.chromium import SLOW
from tests.browser.contexts import Contexts
from tests.browser.hosting import link_to_lead
from tests.browser.visit import Visit, prepare

pytestmark = pytest.mark.browser

#: The most bytes of a first load. Chromium asks a loopback server for brotli, as it asks one with TLS.
FIRST, WITH_CHARTS = 900_000, 2_100_000
#: The most bytes of the messages that one more head brings to Compare, with Keras's count of the new parameters.
ONE_MORE_HEAD = 20_000
#: Of a participant of a room.
PHONE_JOINS = 30_000
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture
def contexts(chromium: Browser) -> Contexts:
    """Contexts whose cache has no file of the app, as the browser of a first visitor."""
    return Contexts(chromium, prepare)


#: The paths that a page has loaded, with their bytes over the wire: none for a file of the cache.
LOADED = """() => document.fonts.ready.then(() => performance.getEntries()
  .filter((entry) => entry.transferSize).map((entry) => [new URL(entry.name).pathname, entry.transferSize]))"""


#: By then, what has just been drawn has sent its requests, as those for fonts.
IDLE = "() => new Promise((done) => requestIdleCallback(() => requestIdleCallback(done))).then(() => null)"


def bytes_of(page: Page) -> Counter[str]:
    """The bytes of each path that the page has loaded."""
    found: Counter[str] = Counter()
    for path, size in page.evaluate(LOADED):
        found[path] += size
    return found


def loaded(visit: Visit, path: str) -> Counter[str]:
    """What a load of that page transfers."""
    visit.open(path)
    if path == "/train":
        visit.page.locator(".js-plotly-plot .main-svg").first.wait_for()
    visit.page.wait_for_load_state("networkidle")
    visit.page.evaluate(IDLE)
    return bytes_of(visit.page)


@pytest.mark.parametrize(("path", "most"), [("/", FIRST), ("/train", WITH_CHARTS)])
def test_a_first_load_is_small_and_a_second_one_smaller(visit: Visit, path: str, most: int) -> None:
    first = loaded(visit, path)
    print(path, len(first), first.total())
    assert any("PlotlyChart" in file for file in first) == (path == "/train")
    assert first.total() <= most, first.most_common(12)
    assert {path, "/_stcore/health"} < set(first)
    again = loaded(visit, path)
    print(path, "again", len(again), again.total())
    assert again.total() <= 20_000, again.most_common(12)


def test_one_more_head_sends_the_changed_parts_of_the_page_once(visit: Visit) -> None:
    """Each run of the page or of a fragment begins with a message. How many polls there are depends on the machine."""
    sizes: list[int] = []

    def count(data: str | bytes) -> None:
        assert isinstance(data, bytes)
        if ForwardMsg.FromString(data).WhichOneof("type") != "new_session":
            sizes.append(len(data))

    visit.page.on("websocket", lambda socket: socket.on("framereceived", count))
    page = visit.open("/")
    counted = page.get_by_text(re.compile("✓ Keras counts"))
    expect(counted).to_have_count(2)
    before = counted.first.inner_text()
    sizes.clear()
    visit.set_number("Number of heads", 3)
    expect(counted.first).not_to_have_text(before)
    expect(counted).to_have_count(2)
    visit.stand()
    print("one more head", len(sizes), sum(sizes))
    assert sum(sizes) <= ONE_MORE_HEAD


def test_a_visitor_with_a_slow_network_reads_before_the_scripts_have_come(visitor: Callable[..., Visit]) -> None:
    visit = visitor()
    visit.context.clear_cookies()  # one says that the visitor has seen the introduction
    page = visit.context.new_page()
    network = visit.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW)
    page.goto(visit.url, wait_until="commit")
    shell = page.locator(".shell")
    expect(shell.get_by_text("The same network?")).to_be_visible(timeout=20_000)
    expect(shell.get_by_role("img")).to_have_count(2)
    assert not shell.get_by_text("Yes").is_visible(), "a first visitor predicts the answer"
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    print("first content", painted)
    assert painted <= 8_000
    network.send("Network.emulateNetworkConditions", {**SLOW, "downloadThroughput": -1, "latency": 0})
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=20_000)
    expect(shell).to_have_count(0)


def test_a_phone_joins_a_room_with_as_little(visitor: Callable[..., Visit]) -> None:
    host = visitor()
    host.page.goto(link_to_lead(host.open("/room")))
    host.stand()
    code = re.search(r"Code ([A-Z0-9]{6})", host.page.inner_text(".stMain"))
    assert code
    phone = visitor(**PHONE).page
    sockets: list[object] = []
    phone.on("websocket", lambda socket: sockets.append(socket))
    phone.goto(f"{host.url}/join/{code[1]}")
    expect(phone.get_by_text("You are in.")).to_be_visible()
    joined = bytes_of(phone)
    print("phone", len(joined), joined.total())
    assert joined.total() <= PHONE_JOINS, joined.most_common(12)
    assert 2 < len(joined) <= 8
    assert not sockets
