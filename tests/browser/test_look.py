"""Every page fits its window, from phone to desk, and is dark if the visitor's system is.

It passes axe in both colour schemes, and our own test of the contrast of text in pictures. No rule of axe has to be
switched off because of Streamlit's markup.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from components.streamlit_internals.selectors import selectors
from tests.browser.contrast import GROUNDS, faults_in
from tests.browser.places import PLACES, Place, prove
from tests.browser.visit import DRAWN, FITS, UNDRAWN, Visit

pytestmark = pytest.mark.browser

PHONE, DESK = (390, 844), (1440, 900)
#: A desk at 200 %.
ENLARGED = (720, 450)
#: What is done on a page before axe reads it, so that there is more to read.
FULLER = {"Claims": prove}
#: Whether the page has each of the named selectors.
THERE = "(parts) => Object.values(parts).every((selector) => document.querySelector(selector))"

#: The boxes of what stands on the page in its own right: blocks of the page, and what shares a row.
BOXES = """() => {
  const main = document.querySelector("[data-testid=stMainBlockContainer] > [data-testid=stVerticalBlock]")
  const rows = main.querySelectorAll("[data-testid=stHorizontalBlock], .stGrid")
  const groups = [main, ...rows].map((group) => [...group.children])
  return groups.map((group) => group
    .filter((block) => block.offsetWidth && block.offsetHeight && block.checkVisibility({ visibilityProperty: true }))
    .map((block) => {
      const { left, top, right, bottom } = block.getBoundingClientRect()
      return { name: block.innerText.slice(0, 40), left, top, right, bottom }
    }))
}"""

#: The height of the window in which nothing has to be scrolled.
WHOLE = """() => Math.max(innerHeight, ...[...document.querySelectorAll("body *")]
  .filter((node) => getComputedStyle(node).overflowY === "auto").map((node) => node.scrollHeight)) + 100"""

#: What the Tab key reaches in the page, in the order of Shift+Tab, that gets the focus under the strip or anything else
#: that stays at the top.
UNDER = """() => {
  const main = document.querySelector("[data-testid=stMain]")
  const within = (root) => [...root.querySelectorAll("*")].flatMap((node) =>
    [node, ...(node.shadowRoot ? within(node.shadowRoot) : [])])
  const all = within(main)
  const stays = all.filter((node) => getComputedStyle(node).position === "sticky")
  const shown = all.filter((node) => node.checkVisibility({ visibilityProperty: true }))
  const stops = shown.filter((node) => node.tabIndex >= 0 && !node.matches(":disabled")
    && !node.closest(".st-key-frame-actions"))
  return stops.reverse().flatMap((stop) => {
    stop.focus()
    const { top, height } = stop.getBoundingClientRect()
    const ends = stays.filter((bar) => !bar.contains(stop)).map((bar) => bar.getBoundingClientRect())
      .filter((bar) => bar.top < innerHeight / 2).map((bar) => bar.bottom)
    const free = Math.max(0, ...ends)
    return top < free - 1 && height < innerHeight - free ? [`${stop.outerHTML.slice(0, 120)}: ${top} < ${free}`] : []
  })
}"""

#: Whatever is white, or nearly, and larger than a letter.
WHITE = """() => [...document.querySelectorAll("body, body *")].filter((node) => {
  const box = node.getBoundingClientRect()
  if (node.closest("text")) return false
  if (box.width * box.height < 400) return false
  const style = getComputedStyle(node)
  const colour = node instanceof SVGElement && node.tagName !== "svg" ? style.fill : style.backgroundColor
  const [red, green, blue, alpha = 1] = (colour.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number)
  return alpha > 0.5 && Math.min(red, green, blue) > 200
}).map((node) => node.outerHTML.slice(0, 200))"""


@pytest.mark.takes("each page loads in two sizes and axe reads it in two schemes; a claim is measured first")
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_page_fits_each_window_is_dark_everywhere_and_passes_axe(visitor: Callable[..., Visit], place: Place) -> None:
    """And it breaks no policy and meets no 404: a visit may have no error in the console (`Visit.faults`)."""
    visit = visitor(color_scheme="dark", reduced_motion="no-preference")
    page = visit.page
    for width, height in (PHONE, DESK):
        if width == DESK[0]:
            page.emulate_media(reduced_motion="reduce")  # what plays all the time draws all the time
        page.set_viewport_size({"width": width, "height": height})
        visit.open(place.path)
        expect(page.get_by_role("heading", level=1)).to_have_text(place.title)
        place.stand(visit)
        moved, what = visit.shifted()
        assert moved < 0.1, f"{place} at {width}: {moved:.3f}\n{what}"
        fits(page, place, width, height)
    assert page.evaluate(WHITE) == []
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('15px Inter'))")

    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    if place.name in FULLER:
        FULLER[place.name](visit)
        visit.stand()
    # Tall enough for the whole page: axe judges the contrast of what is in view.
    page.set_viewport_size({"width": DESK[0], "height": page.evaluate(WHOLE)})
    found = [fault for scheme in GROUNDS for fault in faults_in(page, scheme)]
    assert not found, "\n".join(found)
    resize(page, ENLARGED)
    under = page.evaluate(UNDER)
    assert not under, "\n".join(under)
    page.wait_for_function(THERE, arg={part: selectors()[part] for part in place.parts})


def resize(page: Page, size: tuple[int, int]) -> None:
    """Change the window's size, and wait until the page is drawn in it."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate(DRAWN)
    page.locator("[data-test-script-state=notRunning]").wait_for()
    expect(page.locator(UNDRAWN)).to_have_count(0)


def fits(page: Page, place: Place, width: int, height: int) -> None:
    expect(page.get_by_text("Based on the Stack Overflow question")).to_be_attached()
    try:
        page.wait_for_function(FITS)  # charts follow a window's new size in the next frames
    except TimeoutError:
        raise AssertionError(f"{place} scrolls sideways at {width} px") from None
    title = page.get_by_role("heading", level=1).bounding_box()
    assert title
    assert title["x"] >= 0
    assert title["y"] >= 0
    assert title["x"] + title["width"] <= width
    assert title["y"] + title["height"] <= height / 3

    groups = page.evaluate(BOXES)
    assert len(groups[0]) >= 5, groups
    for group in groups:
        for box in group:
            assert box["left"] >= 0, box
            assert box["right"] <= width + 1, box
        for one, other in combinations(group, 2):
            across = min(one["right"], other["right"]) - max(one["left"], other["left"])
            down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            assert across <= 1 or down <= 1, f"{one} lies over {other}"
