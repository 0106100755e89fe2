"""Forced colours and paper: what the page says stays to be seen."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

#: A colour that covers this share of a control is seen.
SEEN = 0.02
#: Pixels of a sheet of A4 between its margins, at 96 to the inch.
SHEET = 718


def colours(control: Locator) -> dict[tuple[int, ...], float]:
    """The colours that are seen in a control, each with the share that it covers, the largest first."""
    with Image.open(io.BytesIO(control.screenshot())) as picture:
        pixels = picture.convert("RGB")
        counted = Counter(pixels.getdata())
    return {colour: n / counted.total() for colour, n in counted.most_common() if n / counted.total() >= SEEN}


def ground(control: Locator) -> tuple[int, ...]:
    """The colour that covers most of a control."""
    return next(iter(colours(control)))


def forced(visitor: Callable[..., Visit], path: str) -> Page:
    return visitor(forced_colors="active").open(path)


def test_forced_colours_show_what_is_chosen(visitor: Callable[..., Visit]) -> None:
    page = forced(visitor, "/train")
    scale = page.get_by_role("radiogroup").filter(has=page.get_by_role("radio", name="linear", exact=True))
    linear, log = (scale.get_by_role("radio", name=name, exact=True) for name in ("linear", "log"))
    linear.click()
    expect(linear).to_be_checked()
    page.mouse.move(0, 0)
    assert ground(linear) != ground(log)

    page.goto(page.url.replace("/train", "/lab"))
    options = page.get_by_test_id("stRadioOption")
    expect(options.first).to_be_visible()
    for option in options.all():
        assert len(colours(option.locator("> div > div").first)) >= 2, option.inner_text()
    checked = options.filter(has=page.locator("input:checked")).first.locator("> div > div").first
    other = options.filter(has_not=page.locator("input:checked")).first.locator("> div > div").first
    assert ground(checked) != ground(other)


def test_forced_colours_show_switches_sliders_and_how_far_something_is(visitor: Callable[..., Visit]) -> None:
    page = forced(visitor, "/train")
    switch = page.get_by_test_id("stCheckbox").filter(has_text="Same initial weights")
    box = switch.locator("label > span + div")
    switch.scroll_into_view_if_needed()
    page.mouse.move(0, 0)
    before = colours(box)
    assert len(before) >= 2, "the thumb is not the track"
    on = switch.locator("input").is_checked()
    switch.locator("label").click()
    expect(switch.locator("input")).to_be_checked(checked=not on)
    page.mouse.move(0, 0)
    after = colours(box)
    assert len(after) >= 2
    assert next(iter(after)) != next(iter(before))

    slider = page.get_by_test_id("stSlider").first
    slider.scroll_into_view_if_needed()
    assert len(colours(slider.get_by_test_id("stSliderTrack"))) >= 2


PAPER = """() => [...document.querySelectorAll("[data-testid=stMain] :is(pre, table, .stPlotlyChart, h1, h2, h3, p)")]
  .filter((part) => part.offsetWidth && part.scrollWidth > part.clientWidth + 1
    && getComputedStyle(part).overflowX !== "visible")
  .map((part) => part.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("path", ["/train", "/topologies", "/claims"])
def test_on_paper_nothing_is_cut_and_no_control_of_the_frame_is_left(visit: Visit, path: str) -> None:
    page = visit.open(path)
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    page.set_viewport_size({"width": SHEET, "height": 1000})
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.locator(".st-key-frame-actions")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate(PAPER) == []
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    assert height == page.evaluate("document.querySelector('[data-testid=stMain]').clientHeight")
    assert re.search("Based on the Stack Overflow question", page.inner_text("body"))
