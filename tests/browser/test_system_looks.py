"""Everything on a page stays visible with forced colours and on paper."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from harness.local import until
from tests.browser.places import PLACES
from tests.browser.visit import SETTLED, Visit

pytestmark = pytest.mark.browser

#: What covers this share of a control, in another colour than its ground, is seen.
SEEN = 0.05
#: Pixels of a sheet of A4 between its margins, at 96 to the inch.
SHEET = 718


def colours(control: Locator) -> list[tuple[tuple[int, ...], float]]:
    """The colours of a control, each with the share that it covers, the largest first."""
    with Image.open(io.BytesIO(control.screenshot())) as picture:
        counted = Counter(picture.convert("RGB").getdata())
    return [(colour, n / counted.total()) for colour, n in counted.most_common()]


def ground(control: Locator) -> tuple[int, ...]:
    """The colour that covers most of a control."""
    return colours(control)[0][0]


def is_seen(control: Locator, share: float = SEEN) -> bool:
    """Whether that share of a control shows anything but its ground."""
    return 1 - colours(control)[0][1] >= share


def has_border(control: Locator) -> bool:
    """Whether the middle of a control's upper edge, which may begin within a pixel, differs from its ground."""
    with Image.open(io.BytesIO(control.screenshot())) as picture:
        edge = [picture.convert("RGB").getpixel((picture.width // 2, y)) for y in range(3)]
    return any(colour != ground(control) for colour in edge)


def forced(visitor: Callable[..., Visit], path: str) -> Page:
    return visitor(forced_colors="active").open(path)


def test_forced_colours_show_what_is_chosen_and_switches_and_sliders(visitor: Callable[..., Visit]) -> None:
    page = forced(visitor, "/train")
    assert has_border(page.get_by_role("button", name="Pull the box apart"))
    square = ground(page.locator("header .chip").first)
    assert max(square) - min(square) > 40, "the square of a task has its hue"
    shows_switches_and_sliders(page)
    scale = page.get_by_role("radiogroup").filter(has=page.get_by_role("radio", name="linear", exact=True))
    linear, log = (scale.get_by_role("radio", name=name, exact=True) for name in ("linear", "log"))
    linear.click()
    expect(linear).to_be_checked()
    page.mouse.move(0, 0)
    assert ground(linear) != ground(log)


@pytest.mark.soak
def test_forced_colours_show_which_option_is_chosen(visitor: Callable[..., Visit]) -> None:
    page = forced(visitor, "/lab")
    options = page.get_by_role("radiogroup", name="Situation").get_by_test_id("stRadioOption")
    boxes = options.locator("> div > div:first-child")
    expect(options.filter(has=page.locator("input:checked"))).to_have_count(1)
    chosen, other = (
        boxes.filter(visible=True).nth(index)
        for index in sorted(range(options.count()), key=lambda n: not options.nth(n).locator("input").is_checked())[:2]
    )
    assert is_seen(other)
    assert colours(chosen)[0][1] < colours(other)[0][1] - SEEN, (
        "a filled circle shows less of the ground than an empty one"
    )


def shows_switches_and_sliders(page: Page) -> None:
    page.get_by_test_id("stSidebar").locator("summary").filter(has_text="Training").click()
    page.wait_for_function(SETTLED)
    switch = page.get_by_test_id("stCheckbox").filter(has_text="Same initial weights")
    box = switch.locator("label > span + div")
    switch.scroll_into_view_if_needed()
    before, on = ground(box), switch.locator("input").is_checked()
    assert is_seen(box), "the thumb is not the track"
    switch.locator("label").click()
    expect(switch.locator("input")).to_be_checked(checked=not on)
    page.mouse.move(0, 0)
    assert is_seen(box)
    assert ground(box) != before

    slider = page.get_by_test_id("stSlider").filter(has_text="Validation share")
    slider.scroll_into_view_if_needed()
    track = slider.get_by_role("group").locator("> div")
    assert is_seen(track)
    thumb = track.locator("> div", has=page.locator("input[type=range]"))
    assert is_seen(thumb, 0.5)


PAPER = """() => [...document.querySelectorAll("[data-testid=stMain] :is(pre, table, .stPlotlyChart, h1, h2, h3, p)")]
  .filter((part) => part.offsetWidth && part.scrollWidth > part.clientWidth + 1
    && getComputedStyle(part).overflowX !== "visible")
  .map((part) => part.outerHTML.slice(0, 120))"""


#: What can only be pressed or filled in, and is seen: on the page and within our components. What was chosen may stay.
CONTROLS = """() => {
  const pressed = "button, summary, select, textarea, input[type=range], input[type=file], [role=switch], .stTextInput"
  const found = [], roots = [document]
  for (const root of roots)
    for (const part of root.querySelectorAll("*")) {
      if (part.shadowRoot) roots.push(part.shadowRoot)
      if (part.matches(pressed) && part.checkVisibility({ visibilityProperty: true, opacityProperty: true })
        && !part.matches("[aria-checked=true], [aria-pressed=true], [data-selected]")
        && !part.closest("details[open]")) found.push(part.outerHTML.slice(0, 120))
    }
  return found
}"""


@pytest.mark.parametrize(
    "path", ["/train", *(pytest.param(path, marks=pytest.mark.soak) for path in ("/topologies", "/claims", "/lab"))]
)
def test_on_paper_nothing_is_cut_and_nothing_is_left_that_can_only_be_pressed(visit: Visit, path: str) -> None:
    page = visit.open(path)
    next(place for place in PLACES if place.path.startswith(path)).stand(visit)
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    page.set_viewport_size({"width": SHEET, "height": 1000})
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.locator(".st-key-frame-actions")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_function(f"() => !({PAPER})().length")  # Plotly draws its charts once more
    assert page.evaluate(CONTROLS) == []
    foot = page.get_by_text("Based on the Stack Overflow question")
    expect(foot).to_be_visible()
    is_on_paper = "(n) => n.getBoundingClientRect().bottom + scrollY <= document.documentElement.scrollHeight"
    until(lambda: foot.evaluate(is_on_paper), "the foot is on the paper")
